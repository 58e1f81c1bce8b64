package io.clusterset.discovery;

import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One stage's options: which settings they have, how each is read, put into the builder and shown. The one place where a
 * setting and an option meet. Immutable.
 *
 * @param <B> the builder
 * @param <O> the options
 */
final class OptionGroup<B, O> {

    private final String name;
    private final Supplier<B> builder;
    private final Function<B, O> build;
    private final List<Knob<B, O, ?>> knobs = new ArrayList<>();

    /** With the first part of its settings' keys. */
    OptionGroup(String name, Supplier<B> builder, Function<B, O> build) {
        this.name = name;
        this.builder = builder;
        this.build = build;
    }

    <T> OptionGroup<B, O> with(
            Setting setting, Function<String, T> read, BiConsumer<B, T> put, Function<O, Object> shown) {
        knobs.add(new Knob<>(setting, read, put, shown));
        return this;
    }

    /**
     * What the settings say, and on top of it the application.
     *
     * @throws IllegalArgumentException if the settings alone come to something invalid, with key, value and origin; or what the
     *     application says does
     */
    O plan(Settings settings, UnaryOperator<B> application, Consumer<Provenance> told) {
        B base = builder.get();
        O set;
        try {
            for (Knob<B, O, ?> knob : knobs) {
                knob.apply(settings, base);
            }
            set = build.apply(base);
        } catch (Malformed malformed) {
            throw malformed.refused;
        } catch (IllegalArgumentException refused) {
            throw settings.refused(name, refused);
        }
        O planned = build.apply(application.apply(base));
        for (Knob<B, O, ?> knob : knobs) {
            String value = show(knob.shown.apply(planned));
            boolean said = !value.equals(show(knob.shown.apply(set)));
            told.accept(new Provenance(
                    knob.setting.property(),
                    value,
                    said ? Provenance.BUILDER : settings.origin(knob.setting).orElse(Provenance.DEFAULT)));
        }
        return planned;
    }

    /** A value as settings write it. */
    static String show(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(OptionGroup::show).orElse("");
        } else if (value instanceof OptionalInt number) {
            return number.isPresent() ? String.valueOf(number.getAsInt()) : "";
        } else if (value instanceof Collection<?> all) {
            return all.stream().map(OptionGroup::show).collect(Collectors.joining(separator(all)));
        } else if (value instanceof Duration duration) {
            return Settings.formatDuration(duration);
        } else if (value instanceof InetSocketAddress address) {
            return Endpoint.of(address.getAddress(), address.getPort()).authority();
        } else if (value instanceof Endpoint endpoint) {
            return endpoint.authority();
        } else if (value instanceof Probing probing) {
            return probing.word();
        } else if (value instanceof Probe probe) {
            return show(probe);
        }
        return Text.safe(String.valueOf(value));
    }

    /** Addresses and numbers hold no comma; tiers and places do, or blanks. */
    private static String separator(Collection<?> all) {
        return all.stream().map(OptionGroup::show).anyMatch(text -> text.contains("=")) ? ";" : ",";
    }

    private static String show(Probe probe) {
        if (probe instanceof Probe.Http http) {
            return "http:" + Text.safe(http.path());
        } else if (probe instanceof Probe.Https https) {
            return "https:" + Text.safe(https.path());
        }
        return probe instanceof Probe.Tcp ? "tcp" : "none";
    }

    /**
     * One setting of one option.
     *
     * @param read refuses what is malformed
     * @param put may refuse what is out of range, in the words of the option
     * @param shown the value that came of it
     */
    private record Knob<B, O, T>(
            Setting setting, Function<String, T> read, BiConsumer<B, T> put, Function<O, Object> shown) {

        void apply(Settings settings, B base) {
            Optional<T> value;
            try {
                value = settings.read(setting, read);
            } catch (IllegalArgumentException malformed) {
                throw new Malformed(malformed);
            }
            value.ifPresent(said -> put.accept(base, said));
        }
    }

    /** A value that could not be read; what is wrong has been said in full. */
    private static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final IllegalArgumentException refused;

        Malformed(IllegalArgumentException refused) {
            super(refused);
            this.refused = refused;
        }
    }
}
