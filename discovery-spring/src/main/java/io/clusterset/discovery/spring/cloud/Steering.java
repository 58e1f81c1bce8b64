package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.time.Ticker;

/**
 * What the balancers of all services share.
 *
 * @param discovery the library
 * @param readiness who can be asked without waiting
 * @param attempts those that have not ended
 * @param stock what Spring does without us
 * @param presets what it says that we don't heed
 * @param ticker what time it is
 */
record Steering(
        Discovery discovery, Readiness readiness, OpenAttempts attempts, Stock stock, Presets presets, Ticker ticker) {}
