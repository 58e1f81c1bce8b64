/**
 * What is wrong with a cluster's DNS, and how to mend it.
 *
 * <pre>
 *  Doctor ─▶ Interview ─▶ Exchange (one question, one server)  ┐
 *         ─▶ ApiServer (one request)                           ├▶ Observations ─▶ …Checks ─▶ Finding ─▶ Diagnosis
 *         ─▶ ResolvConf, Library                               ┘   (a value)      (pure)
 * </pre>
 *
 * <p>Looking and judging are apart: whoever looks says nothing about what it means, and whoever judges asks nobody. {@link
 * Doctor} is the door. Who imports {@code org.xbill.DNS}: {@code Exchange} alone.
 */
@NullMarked
package io.clusterset.examples.cli.doctor;

import org.jspecify.annotations.NullMarked;
