/**
 * Long outages and large fleets in virtual time: what only shows after ten minutes, with a thousand clients, or once in three
 * hundred random stories. Seeded: the same seed gives the same run. Only what an application can see is looked at.
 */
@NullMarked
package io.clusterset.discovery.simulation;

import org.jspecify.annotations.NullMarked;
