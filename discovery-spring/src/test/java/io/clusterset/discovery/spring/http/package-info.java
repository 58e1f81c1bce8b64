/** Boot's plain clients, over real sockets. */
@NullMarked
package io.clusterset.discovery.spring.http;

import org.jspecify.annotations.NullMarked;
