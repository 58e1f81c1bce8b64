/**
 * The {@code discovery} command: what a person in a pod asks, and what black-box checks drive. Everything goes through the
 * library's public API.
 *
 * <pre>
 *  DiscoveryCommand ─▶ Resolve, Explain, Pick ─▶ Examination ─▶ ExplanationDocument (JSON) │ tables (text)
 *                   ─▶ Call ─▶ LoadRunner ─▶ HttpGet          ─▶ LoadReport (JSON and text)
 *  CommonOptions: options to a Discovery.Builder      Complaints: what went wrong to one line and an exit status
 * </pre>
 *
 * <p>Exit status: 0 an endpoint was found (call: no call failed), 1 none was (some failed), 2 bad usage.
 */
@NullMarked
package io.clusterset.examples.cli;

import org.jspecify.annotations.NullMarked;
