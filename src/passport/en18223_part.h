/* en18223_part.h - what writing and reading share. */
#ifndef TS_PASSPORT_EN18223_PART_H
#define TS_PASSPORT_EN18223_PART_H

#define EN_BESIDE "touchstone" /* the collection of what neither header nor elements hold */
#define EN_VALUE "@value"      /* the one element that stands for an entry of a list */
#define EN_PACK_URN "urn:x-touchstone:pack:"

#endif
