/**
 * The only place that reads a clock, sleeps or owns a timer.
 *
 * <pre>
 *  Ticker ──▶ what time is it          Scheduler ──▶ run this later          SerialExecutor ──▶ one at a time, in order
 *     ▲                                    ▲                                        ▲
 *     └──────── ManualTime (tests) ────────┘            Alarm = one pending task on a serial executor
 * </pre>
 *
 * <p>Time, scheduling and executors are constructor arguments everywhere else, so that a run with {@link
 * io.clusterset.discovery.time.ManualTime} is the same every time. May import the JDK only.
 */
@NullMarked
package io.clusterset.discovery.time;

import org.jspecify.annotations.NullMarked;
