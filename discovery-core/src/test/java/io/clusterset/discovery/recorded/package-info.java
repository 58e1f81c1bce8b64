/**
 * What real servers said, replayed over real sockets: every recorded CoreDNS answer by a rule made from its metadata, every
 * row of what is known of the servers as a table, and the recorded timelines in virtual time. The recordings lie in the test
 * resources of the same name, with their own README.
 */
@NullMarked
package io.clusterset.discovery.recorded;

import org.jspecify.annotations.NullMarked;
