/**
 * The {@code discovery} command: what a person in a pod asks, and what black-box checks drive. Everything goes through the
 * library's public API.
 *
 * <pre>
 *  DiscoveryCommand ─▶ Resolve, Explain, Pick ─▶ Examination ─▶ ExplanationDocument (JSON) │ tables (text)
 *                   ─▶ Trace ─▶ Examination, NameReading, TracedCall ─▶ TraceDocument │ TraceText
 *                   ─▶ Call  ─▶ Load ─▶ LoadRunner ─▶ HttpGet  ─▶ LoadReport (JSON and text)
 *                   ─▶ Drill ─▶ Rehearsal ─▶ LoadRunner        ─▶ DrillReport (JSON and text)
 *                   ─▶ Watch ─▶ EventFeed                      ─▶ EventLine (JSON and text)
 *                   ─▶ Doctor ─▶ doctor.Doctor ─▶ doctor.Diagnosis (JSON and text; asks nameservers itself)
 *  UrlLoad (another example's) ─▶ Load ─▶ LoadRunner ─▶ Getter (that example's client)
 *  CommonOptions: options to a Discovery.Builder      Complaints: what went wrong to one line and an exit status
 *  Console: where it is said      Table, Cut: 80 columns      Tint, Paint: what a word means, and its colour
 * </pre>
 *
 * <p>Exit status: 0 an endpoint was found (and no call failed; doctor: no problem), 1 none was (or some failed), 2 bad usage. For who uses it:
 * {@code docs/guides/command.md}.
 */
@NullMarked
package io.clusterset.examples.cli;

import org.jspecify.annotations.NullMarked;
