/* answer.h - three answers, never two. */
#ifndef TS_BASE_ANSWER_H
#define TS_BASE_ANSWER_H

/* The one answer type. Its labels depend on who asks: found / not found in this capture / cannot
 * be told; inside / outside / cannot be told; verified / failed / not checked. TS_OPEN is 0, so
 * that what nobody answered is open. */
typedef enum { TS_OPEN = 0, TS_YES = 1, TS_NO = 2 } ts_answer;

#endif
