package io.clusterset.discovery.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** A logger that keeps what it is told, from INFO up: {@code WARN text}, and the pairs beside it. */
@SuppressWarnings("serial") // nobody writes one down
public class Lines extends LegacyAbstractLogger implements LoggingEventAware {

    public final List<String> all = new ArrayList<>();
    public final List<String> pairs = new ArrayList<>();

    @Override
    public void log(LoggingEvent event) {
        List<KeyValuePair> said = event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
        all.add(event.getLevel() + " " + event.getMessage());
        pairs.add(said.stream().map(pair -> pair.key + "=" + pair.value).collect(Collectors.joining(" ")));
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable thrown) {
        all.add(level + " " + MessageFormatter.basicArrayFormat(pattern, arguments));
        pairs.add("");
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return "";
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
