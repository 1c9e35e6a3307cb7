package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.policy.Policy;
import dev.pointsman.policy.PolicyFile;
import dev.pointsman.policy.PolicySchema;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "policy",
        description = "The routing policy: check it, show the whole of it, or its JSON Schema.",
        mixinStandardHelpOptions = true,
        subcommands = {
            PolicyCommand.Check.class,
            PolicyCommand.Show.class,
            PolicyCommand.Schema.class
        })
final class PolicyCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.BAD_INPUT;
    }

    @Command(
            name = "check",
            description = "Says whether the policy can be used, and what is wrong with it if not.",
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();
        @Mixin private final PolicyOption policyOption = new PolicyOption();

        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "The policy file; the same as --policy FILE.")
        private @Nullable Path named;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            PolicyFile file =
                    named == null ? policyOption.file() : PolicyOption.over(PolicyFile.of(named));
            Policy policy = file.load();
            if (json) {
                ObjectNode result = Render.object().put("policy", file.name()).put("ok", true);
                result.put("hash", policy.hash()).put("categories", policy.categories().size());
                spec.commandLine().getOut().println(Render.pretty(result));
            } else {
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%s is good: %d categories, %d rules, %d providers, hash %s%n",
                                file.name(),
                                policy.categories().size(),
                                policy.rules().size(),
                                policy.providers().size(),
                                policy.hash());
                policy.providers()
                        .forEach((name, provider) ->
                                provider.unavailable()
                                        .ifPresent(why ->
                                                spec.commandLine()
                                                        .getErr()
                                                        .println(
                                                                "unavailable: "
                                                                        + name
                                                                        + ": "
                                                                        + why)));
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "show",
            description =
                    "Prints the policy in force, laid over the built-in one. Keys are not shown.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();
        @Mixin private final PolicyOption policyOption = new PolicyOption();

        @Option(names = "--json", description = "Prints JSON instead of YAML.")
        private boolean json;

        @Override
        public Integer call() {
            PolicyFile file = policyOption.file();
            Policy policy = file.load();
            if (json) {
                spec.commandLine().getOut().println(policy.toJson());
            } else {
                spec.commandLine().getOut().println("# " + file.name() + ", hash " + policy.hash());
                spec.commandLine().getOut().print(policy.toYaml());
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "schema",
            description = "Prints the JSON Schema of policy files, for editors.",
            mixinStandardHelpOptions = true)
    static final class Schema implements Callable<Integer> {
        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(names = "--markdown", description = "Prints the reference for people instead.")
        private boolean markdown;

        @Override
        public Integer call() {
            if (markdown) {
                spec.commandLine().getOut().print(PolicySchema.markdown());
            } else {
                spec.commandLine().getOut().println(PolicySchema.json());
            }
            return ExitCode.OK;
        }
    }
}
