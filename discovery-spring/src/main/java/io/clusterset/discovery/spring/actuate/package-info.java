/**
 * For who operates an application: health, metrics, and the actuator's endpoint {@code discovery} with its drill. Each part is there
 * if the part of Spring Boot is there that it belongs to. Nothing here asks DNS, but for an explanation of a service that was not in
 * use.
 */
@NullMarked
package io.clusterset.discovery.spring.actuate;

import org.jspecify.annotations.NullMarked;
