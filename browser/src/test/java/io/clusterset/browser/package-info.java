/** The page as a person sees it, in a headless Chromium that is spoken to over its DevTools protocol. */
@NullMarked
package io.clusterset.browser;

import org.jspecify.annotations.NullMarked;
