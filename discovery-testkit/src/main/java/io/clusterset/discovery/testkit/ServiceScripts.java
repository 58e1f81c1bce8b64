package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Writes the scripts that make up a Kubernetes service, as CoreDNS would answer for it. Guarded by its scripts. */
final class ServiceScripts {

    private final DnsScripts scripts;
    private final Map<Name, Set<Name>> targetsOfPort = new HashMap<>();

    ServiceScripts(DnsScripts scripts) {
        this.scripts = scripts;
    }

    /** A and AAAA records, NODATA for a family without addresses. */
    void publish(String service, Duration ttl, String... addresses) {
        Name name = DnsRecords.name(service);
        List<String> ipv4 = new ArrayList<>();
        List<String> ipv6 = new ArrayList<>();
        for (String address : addresses) {
            (DnsRecords.addressType(address) == Type.A ? ipv4 : ipv6).add(address);
        }
        synchronized (scripts) {
            DnsAnswer a = family(name, Type.A, ttl, ipv4);
            DnsAnswer aaaa = family(name, Type.AAAA, ttl, ipv6);
            scripts.forget(name);
            scripts.replace(name, Type.A, a);
            scripts.replace(name, Type.AAAA, aaaa);
        }
    }

    /** SRV records of a named port, the names behind them, and the service name with all addresses. */
    void publishPort(String service, String portName, Duration ttl, String... endpoints) {
        Name srvName = DnsRecords.name('_' + portName + "._tcp." + service);
        synchronized (scripts) {
            withdraw(srvName);
            if (endpoints.length == 0) {
                scripts.forget(DnsRecords.name(service));
                return;
            }
            int weight = Math.max(1, 100 / endpoints.length);
            List<Srv> records = new ArrayList<>();
            Set<Name> targets = new HashSet<>();
            for (String endpoint : endpoints) {
                String address = Addresses.addressIn(endpoint);
                String target = label(address) + '.' + service;
                publish(target, ttl, address);
                targets.add(DnsRecords.name(target));
                records.add(Srv.to(target, Addresses.portIn(endpoint))
                        .withWeight(weight)
                        .withGlue(address));
            }
            targetsOfPort.put(srvName, targets);
            scripts.replace(srvName, Type.SRV, DnsAnswer.of(DnsRecords.srv(srvName, ttl, records.toArray(Srv[]::new))));
            publish(
                    service,
                    ttl,
                    records.stream()
                            .flatMap(srv -> srv.glue().stream())
                            .distinct()
                            .toArray(String[]::new));
        }
    }

    private void withdraw(Name srvName) {
        scripts.forget(srvName);
        Set<Name> gone = targetsOfPort.remove(srvName);
        if (gone != null) {
            targetsOfPort.values().forEach(gone::removeAll);
            gone.forEach(scripts::forget);
        }
    }

    private static DnsAnswer family(Name name, int type, Duration ttl, List<String> addresses) {
        return addresses.isEmpty()
                ? DnsAnswer.nodata()
                : DnsAnswer.of(DnsRecords.of(name, type, ttl, addresses.toArray(String[]::new)));
    }

    /** {@code 10-0-0-1}; an IPv6 address that would begin or end with a dash gets a zero there. */
    private static String label(String address) {
        String dashed = address.replace('.', '-').replace(':', '-');
        return (dashed.startsWith("-") ? "0" : "") + dashed + (dashed.endsWith("-") ? "0" : "");
    }
}
