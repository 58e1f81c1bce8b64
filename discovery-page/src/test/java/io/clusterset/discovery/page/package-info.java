/** Tests. */
@NullMarked
package io.clusterset.discovery.page;

import org.jspecify.annotations.NullMarked;
