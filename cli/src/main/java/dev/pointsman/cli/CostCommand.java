package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.core.Cost;
import dev.pointsman.core.Model;
import dev.pointsman.core.Usage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

@Command(
        name = "cost",
        description = "What a number of tokens costs at a model, long-input tiers applied.",
        mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private final PolicyOption policyOption = new PolicyOption();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "M",
            description = "provider/id, or an alias.")
    private String model = "";

    @Option(names = "--input-tokens", paramLabel = "N", description = "Fresh input tokens; 0.")
    private long input;

    @Option(
            names = "--output-tokens",
            paramLabel = "N",
            description = "Output tokens, reasoning included; 0.")
    private long output;

    @Option(
            names = "--cache-read-tokens",
            paramLabel = "N",
            description = "Input tokens read from the prompt cache; 0.")
    private long cacheRead;

    @Option(
            names = "--cache-write-tokens",
            paramLabel = "N",
            description = "Input tokens written to the cache; 0.")
    private long cacheWrite;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Model priced = policyOption.file().load().model(model);
        Usage usage = Usage.of(input, output).withCache(cacheRead, cacheWrite);
        Cost cost = Cost.estimate(priced, usage);
        if (json) {
            ObjectNode result = Render.object().put("model", priced.ref());
            result.set("usage", Render.usage(usage));
            result.set("cost", Render.cost(cost));
            out.println(Render.pretty(result));
            return ExitCode.OK;
        }
        Table table = new Table(1, priced.ref(), "tokens", "cost");
        table.row("input", Figures.count(input), cost.input().toString());
        table.row("cache read", Figures.count(cacheRead), cost.cacheRead().toString());
        table.row("cache write", Figures.count(cacheWrite), cost.cacheWrite().toString());
        table.row("output", Figures.count(output), cost.output().toString());
        table.rule().row("total", "", cost.total().toString());
        out.print(table);
        if (!cost.total().isKnown()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "The price is unknown: add it under prices in the policy"
                                    + (cacheWrite > 0 ? ", with cache-write." : "."));
        }
        return ExitCode.OK;
    }
}
