package dev.pointsman.gateway;

import dev.pointsman.core.Recorder;

import java.util.function.LongSupplier;

/**
 * Where and for whom a gateway serves; what it serves stands in the policy. Immutable.
 *
 * @param host the address to listen on; without keys in the policy it should be a loopback one
 * @param port for callers; 0 for any that is free
 * @param adminPort for health and metrics; 0 for any that is free
 * @param practice whether nobody is called and answers are placeholders
 * @param recorder where settled requests are written down
 * @param dropped how many of them could not be, for the metrics
 */
public record GatewayOptions(
        String host,
        int port,
        int adminPort,
        boolean practice,
        Recorder recorder,
        LongSupplier dropped) {

    /** On this machine only, on any free ports, writing nothing down. */
    public static GatewayOptions local() {
        return new GatewayOptions("127.0.0.1", 0, 0, false, Recorder.NONE, () -> 0);
    }

    public GatewayOptions host(String address) {
        return new GatewayOptions(address, port, adminPort, practice, recorder, dropped);
    }

    public GatewayOptions ports(int forCallers, int forAdmin) {
        return new GatewayOptions(host, forCallers, forAdmin, practice, recorder, dropped);
    }

    public GatewayOptions practice(boolean calledNobody) {
        return new GatewayOptions(host, port, adminPort, calledNobody, recorder, dropped);
    }

    public GatewayOptions recorder(Recorder other) {
        return new GatewayOptions(host, port, adminPort, practice, other, dropped);
    }

    public GatewayOptions dropped(LongSupplier count) {
        return new GatewayOptions(host, port, adminPort, practice, recorder, count);
    }
}
