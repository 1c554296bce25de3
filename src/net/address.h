/* address.h - which network addresses are on the public internet. */
#ifndef TS_NET_ADDRESS_H
#define TS_NET_ADDRESS_H

#include <sys/socket.h>

#include "base/base.h"

/* NULL when the address is a public unicast address, else what it is instead ("a loopback
 * address"). IPv4 after RFC 6890 and the IANA special-purpose registry, IPv6 likewise: only
 * 2000::/3 less its special blocks is public. A NAT64 address (64:ff9b::/96, RFC 6052) is judged
 * by the IPv4 address in it; mapped, compatible, 6to4 and Teredo addresses are refused. */
const char *net_address_refused(const struct sockaddr *a);

/* The same for the host of a URL when it is an address in writing ("10.0.0.1", "[::1]"); NULL for
 * a name. */
const char *net_host_refused(ts_str host);

/* The address in writing, without the port; "" for another family. */
enum { NET_ADDRESS_TEXT = 64 };
const char *net_address_text(const struct sockaddr *a, char out[NET_ADDRESS_TEXT]);

#endif
