package io.clusterset.examples.cli;

import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.ServiceName.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a name was understood, and who said what it does not say itself.
 *
 * @param asked the name as it was written
 * @param name as it was understood
 * @param namespaceFrom who said the namespace
 * @param port the port, in words
 * @param portFrom who said the port
 * @param scope where it is looked up, in words
 */
record NameReading(String asked, ServiceName name, String namespaceFrom, String port, String portFrom, String scope) {

    private static final String WRITTEN = "as written";

    /** Reads what the library made of a name, beside the settings that hold for it. */
    static NameReading of(String asked, ServiceName name, List<Provenance> settings) {
        String bare = asked.replaceFirst(":[^:]*$", "").replaceFirst("^_[^.]*\\._[^.]*\\.", "");
        boolean saysPort = asked.contains(":") || asked.startsWith("_");
        String namespaceFrom = bare.contains(".") ? WRITTEN : said(Setting.NAMESPACE.property(), settings);
        String ownPort = ServiceSetting.PORT.property(name.service() + "." + name.namespace());
        String portFrom = saysPort
                ? WRITTEN
                : said(name.port() instanceof Port.Unspecified ? Setting.DEFAULT_PORT.property() : ownPort, settings);
        return new NameReading(asked, name, namespaceFrom, port(name.port(), settings), portFrom, scope(name.scope()));
    }

    private static String port(Port port, List<Provenance> settings) {
        if (port instanceof Port.Named named) {
            return named.name();
        }
        return port instanceof Port.Number number
                ? String.valueOf(number.number())
                : find(Setting.DEFAULT_PORT.property(), settings)
                        .map(Provenance::value)
                        .orElse("80");
    }

    private static String scope(Scope scope) {
        if (scope instanceof Scope.OneTier one) {
            return "in tier " + one.tier() + " only";
        }
        return scope instanceof Scope.Exactly exactly
                ? "exactly this name, in tier " + exactly.tier() + " only"
                : "in all tiers, in order";
    }

    private static String said(String key, List<Provenance> settings) {
        return find(key, settings).map(Origins::of).orElse("default");
    }

    private static Optional<Provenance> find(String key, List<Provenance> settings) {
        return settings.stream().filter(one -> one.key().equals(key)).findFirst();
    }

    /** For a person. */
    String text() {
        String namespace =
                name.namespace().isEmpty() ? "" : " in namespace " + name.namespace() + " (" + namespaceFrom + ")";
        String named = name.port() instanceof Port.Named ? "; SRV records say its number" : "";
        return name.service() + namespace + ", port " + port + " (" + portFrom + named + "), " + scope;
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("asked", asked);
        document.put("service", name.service());
        document.put("namespace", name.namespace());
        document.put("namespaceFrom", name.namespace().isEmpty() ? "" : namespaceFrom);
        document.put("port", port);
        document.put("portFrom", portFrom);
        document.put("scope", scope);
        return document;
    }
}
