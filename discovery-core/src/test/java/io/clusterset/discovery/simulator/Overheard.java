package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.util.function.Consumer;

/** A source as it is, with somebody who hears each answer before the library does. */
final class Overheard implements EndpointSource {

    private final EndpointSource source;
    private final Consumer<Resolution> ear;

    Overheard(EndpointSource source, Consumer<Resolution> ear) {
        this.source = source;
        this.ear = ear;
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        return source.watch(question, answer -> {
            ear.accept(answer);
            listener.resolved(answer);
        });
    }

    @Override
    public void refresh(Question question, Effort effort) {
        source.refresh(question, effort);
    }

    @Override
    public void close() {
        source.close();
    }
}
