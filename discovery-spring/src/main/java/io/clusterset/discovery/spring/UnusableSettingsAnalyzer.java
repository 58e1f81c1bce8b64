package io.clusterset.discovery.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong with a setting where Spring Boot says why an application did not start. */
final class UnusableSettingsAnalyzer extends AbstractFailureAnalyzer<UnusableSettings> {

    /** For {@code spring.factories}. */
    UnusableSettingsAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnusableSettings cause) {
        return new FailureAnalysis(
                "A setting of the service discovery cannot be used:\n\n    " + cause.getMessage(),
                "Correct it, or switch the library off with discovery.enabled=false.",
                cause);
    }
}
