/**
 * What {@code explain} says in the situations that wake people up, word for word: each is brought about in virtual time, or
 * where DNS's own words matter over sockets, and its text is compared with the file of its name in the test resources. The
 * guide {@code docs/guides/why-there.md} is made of these files. After a change that is meant, {@code -Dgolden.accept}
 * writes them anew.
 */
@NullMarked
package io.clusterset.discovery.golden;

import org.jspecify.annotations.NullMarked;
