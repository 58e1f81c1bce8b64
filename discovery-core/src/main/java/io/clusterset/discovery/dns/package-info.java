/**
 * A source that asks DNS, by a client of our own with dnsjava as codec (decision 0002). The only package that sees {@code
 * org.xbill.DNS}.
 *
 * <pre>
 *  Question ─▶ DnsSource ─▶ Lookup (A + AAAA, or SRV and its targets) ─▶ DnsClient (UDP tries, TCP on truncation) ─▶ IoLoop
 *                              │                                             │
 *                              └── AnswerReader: chain, zone, addresses ◀────┘
 * </pre>
 *
 * <p>Every name asked is absolute and lies under its tier's zone. Not here: remembering (all of it is {@code cache}'s),
 * choosing a tier ({@code failover}). May import {@code source}, {@code model}, {@code time}, {@code io}.
 */
@NullMarked
package io.clusterset.discovery.dns;

import org.jspecify.annotations.NullMarked;
