package dev.pointsman.gateway;

import dev.pointsman.access.AccessKeys;
import dev.pointsman.budget.Budgets;
import dev.pointsman.core.Recorder;

import java.util.function.LongSupplier;

/**
 * Where and for whom a gateway serves; what it serves stands in the policy. Immutable.
 *
 * @param host the address to listen on; without keys in the policy it should be a loopback one
 * @param port for callers; 0 for any that is free
 * @param adminHost the address on which health and metrics are, which ask for no key
 * @param adminPort for health and metrics; 0 for any that is free
 * @param practice whether nobody is called and answers are placeholders
 * @param recorder where settled requests are written down
 * @param budgets the books of the policy's budgets and of keys that have one
 * @param dropped how many of them could not be, for the metrics
 * @param keys those of callers, beside the policy's
 */
public record GatewayOptions(
        String host,
        int port,
        String adminHost,
        int adminPort,
        boolean practice,
        Recorder recorder,
        Budgets budgets,
        LongSupplier dropped,
        AccessKeys keys) {

    private static final String LOOPBACK = "127.0.0.1";

    /** On this machine only, on any free ports, writing nothing down. */
    public static GatewayOptions local() {
        return new GatewayOptions(
                LOOPBACK,
                0,
                LOOPBACK,
                0,
                false,
                Recorder.NONE,
                Budgets.NONE,
                () -> 0,
                AccessKeys.NONE);
    }

    /** The same for callers at that address and port. */
    public GatewayOptions callers(String address, int number) {
        return new GatewayOptions(
                address, number, adminHost, adminPort, practice, recorder, budgets, dropped, keys);
    }

    /** The same with health and metrics at that address and port. */
    public GatewayOptions admin(String address, int number) {
        return new GatewayOptions(
                host, port, address, number, practice, recorder, budgets, dropped, keys);
    }

    public GatewayOptions practice(boolean calledNobody) {
        return new GatewayOptions(
                host, port, adminHost, adminPort, calledNobody, recorder, budgets, dropped, keys);
    }

    public GatewayOptions recorder(Recorder other) {
        return new GatewayOptions(
                host, port, adminHost, adminPort, practice, other, budgets, dropped, keys);
    }

    /** The same with those books; of the ledger that is the recorder. */
    public GatewayOptions budgets(Budgets books) {
        return new GatewayOptions(
                host, port, adminHost, adminPort, practice, recorder, books, dropped, keys);
    }

    public GatewayOptions dropped(LongSupplier count) {
        return new GatewayOptions(
                host, port, adminHost, adminPort, practice, recorder, budgets, count, keys);
    }

    /** The same for callers with those keys too. */
    public GatewayOptions keys(AccessKeys others) {
        return new GatewayOptions(
                host, port, adminHost, adminPort, practice, recorder, budgets, dropped, others);
    }
}
