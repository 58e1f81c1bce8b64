package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Provenance;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the library in this process would do.
 *
 * @param zones it looks in, home's first
 * @param nameservers it asks
 * @param nameserversNote what is odd about those that were detected, in the library's words; empty if nothing, or if they were given
 * @param settings all that hold, and who said so
 * @param warnings about settings
 */
record Library(
        List<Zone> zones,
        List<InetSocketAddress> nameservers,
        String nameserversNote,
        List<Provenance> settings,
        List<String> warnings) {

    /** The value of a setting; empty if it has none. */
    String value(Setting setting) {
        return provenance(setting).map(Provenance::value).orElse("");
    }

    /** Who said so. */
    String origin(Setting setting) {
        return provenance(setting).map(Provenance::origin).orElse("");
    }

    /** {@code cluster.local (default)}. */
    String shown(Setting setting) {
        return value(setting) + " (" + origin(setting) + ")";
    }

    private Optional<Provenance> provenance(Setting setting) {
        return settings.stream()
                .filter(one -> one.key().equals(setting.property()))
                .findFirst();
    }

    /** The rule by which the library would leave out an address that DNS says; empty if it would use it. */
    Optional<String> refuses(String literal) {
        DnsOptions options = DnsOptions.builder()
                .allowAddresses(Settings.parseList(value(Setting.DNS_ALLOW_ADDRESSES), ',', Cidr::parse))
                .build();
        return options.refuses(Addresses.literal(literal));
    }

    Optional<Zone> home() {
        return zones.stream().findFirst();
    }

    /** All but home's. */
    List<Zone> others() {
        return zones.isEmpty() ? zones : zones.subList(1, zones.size());
    }
}
