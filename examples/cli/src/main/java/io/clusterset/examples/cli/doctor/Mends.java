package io.clusterset.examples.cli.doctor;

/** What to change, where more than one finding says the same. Lines with four blanks in front are to be copied. */
final class Mends {

    static final String LOGS = "    kubectl -n kube-system logs -l k8s-app=kube-dns --tail=100";

    private Mends() {}

    /** The zone in CoreDNS itself. */
    static String corefile(String home, String zone) {
        return "In CoreDNS (1.12.2 or later: kubectl -n kube-system edit configmap coredns) name the zone twice in the block"
                + " of the kubernetes plugin:\n"
                + "    kubernetes " + home + " " + zone + " in-addr.arpa ip6.arpa {\n"
                + "        multicluster " + zone + "\n"
                + "        # the other lines as they are\n"
                + "    }\n"
                + "It needs the CRD serviceimports.multicluster.x-k8s.io and this rule in ClusterRole system:coredns:\n"
                + importsRule()
                + "\nWith Submariner, forward the zone to its own server instead:\n"
                + "    " + zone + ":53 {\n"
                + "        forward . CLUSTER-IP-OF-submariner-lighthouse-coredns\n"
                + "    }";
    }

    /** The zone in NodeLocal DNSCache. */
    static String nodeLocal(String zone) {
        return "In NodeLocal DNSCache (kubectl -n kube-system edit configmap node-local-dns) add a block like the one of"
                + " the cluster's domain, with that one's bind line:\n"
                + "    " + zone + ":53 {\n"
                + "        errors\n"
                + "        cache {\n"
                + "            success 9984 30\n"
                + "            denial 9984 5\n"
                + "        }\n"
                + "        reload\n"
                + "        loop\n"
                + "        bind 169.254.20.10 # as there\n"
                + "        forward . __PILLAR__CLUSTER__DNS__ {\n"
                + "            force_tcp\n"
                + "        }\n"
                + "    }";
    }

    static String importsRule() {
        return rule("multicluster.x-k8s.io", "serviceimports");
    }

    static String slicesRule() {
        return rule("discovery.k8s.io", "endpointslices");
    }

    static String coreRule() {
        return rule("\"\"", "services, namespaces, pods");
    }

    private static String rule(String group, String resources) {
        return "    - apiGroups: [" + group + "]\n      resources: [" + resources + "]\n      verbs: [list, watch]";
    }

    static String crd() {
        return "Install the CRD serviceimports.multicluster.x-k8s.io, with v1alpha1 served: CoreDNS reads no other version."
                + " It is in kubernetes-sigs/mcs-api, config/crd; Submariner and Cilium bring it along. CoreDNS finds it"
                + " by itself within half a minute.";
    }
}
