@NullMarked
package io.clusterset.examples.cli.doctor;

import org.jspecify.annotations.NullMarked;
