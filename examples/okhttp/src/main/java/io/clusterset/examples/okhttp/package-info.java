/**
 * An application that calls other services by OkHttp, and loses no call when its cluster does.
 *
 * <pre>
 *  OkHttpExample ─▶ Story ─▶ OkHttpGetter ─▶ the client that OkHttpExample makes ─▶ Clusters (one dies and comes back)
 *                └▶ cli.UrlLoad (--url) ─▶ OkHttpGetter ─▶ the same client       ─▶ whatever is there
 * </pre>
 *
 * <p>{@link io.clusterset.examples.okhttp.OkHttpExample} has the one line that such an application needs; all else here shows
 * what comes of it.
 */
@NullMarked
package io.clusterset.examples.okhttp;

import org.jspecify.annotations.NullMarked;
