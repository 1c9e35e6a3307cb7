package dev.pointsman.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.pointsman.catalog.Catalog;
import dev.pointsman.catalog.CatalogChange;
import dev.pointsman.catalog.CatalogImport;
import dev.pointsman.core.Model;
import dev.pointsman.core.Money;
import dev.pointsman.core.Price;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.concurrent.Callable;

@Command(
        name = "import",
        description =
                "Takes over models and prices from a list in the manner of models.dev (api.json)"
                        + " or LiteLLM (model_prices_and_context_window.json). All commands and"
                        + " the gateway use them; what a policy says of prices stands above, the"
                        + " built-in catalogue below.",
        mixinStandardHelpOptions = true)
final class ModelsImportCommand implements Callable<Integer> {

    private static final int DIGITS = 8;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "The list, JSON.")
    private @Nullable Path file;

    @Option(names = "--dry-run", description = "Shows what would change, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--reset", description = "Goes back to the built-in catalogue.")
    private boolean reset;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            hidden = true,
            description = "Where Pointsman keeps what it writes down.")
    private @Nullable Path data;

    @Override
    public Integer call() {
        if (reset == (file != null)) {
            throw new UserException("say a file to import, or --reset");
        }
        ImportedCatalogue imported =
                new ImportedCatalogue(data == null ? Setup.dataFolder() : data);
        if (file == null) {
            return reset(imported);
        }
        Catalog before = imported.current();
        CatalogImport read = read(file, before);
        CatalogChange change =
                CatalogChange.between(before, read.catalog().over(Catalog.builtIn()));
        if (!dryRun) {
            imported.put(read.catalog());
        }
        if (json) {
            spec.commandLine().getOut().println(Render.pretty(render(read, change)));
        } else {
            print(read, change);
        }
        return ExitCode.OK;
    }

    private Integer reset(ImportedCatalogue imported) {
        boolean held = !dryRun && imported.reset();
        String version = Catalog.builtIn().version();
        if (json) {
            ObjectNode said = Render.object().put("version", version).put("reset", held);
            spec.commandLine().getOut().println(Render.pretty(said));
        } else {
            spec.commandLine()
                    .getOut()
                    .println("the built-in catalogue, " + version + ", holds alone");
        }
        return ExitCode.OK;
    }

    /** The edition is the day, and a fingerprint of the list. */
    private static CatalogImport read(Path file, Catalog before) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            String edition =
                    LocalDate.now(ZoneOffset.UTC)
                            + "-"
                            + HexFormat.of().formatHex(hash).substring(0, DIGITS);
            return CatalogImport.read(bytes, file.toString(), edition, before);
        } catch (IOException e) {
            throw new UserException("the list cannot be read: " + FileFault.words(e));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private void print(CatalogImport read, CatalogChange change) {
        PrintWriter out = spec.commandLine().getOut();
        change.added().forEach(model -> out.println("+ " + model.ref() + "  " + price(model)));
        change.priced().forEach(one -> out.println("~ " + one.after().ref() + "  " + prices(one)));
        change.others()
                .forEach(one -> out.println("~ " + one.after().ref() + "  limits or abilities"));
        change.removed().forEach(model -> out.println("- " + model.ref()));
        spec.commandLine()
                .getErr()
                .println(
                        "%s models; %s new, %s with another price, %s otherwise changed, %s removed%s; %s %s"
                                .formatted(
                                        Figures.count(read.catalog().refs().size()),
                                        Figures.count(change.added().size()),
                                        Figures.count(change.priced().size()),
                                        Figures.count(change.others().size()),
                                        Figures.count(change.removed().size()),
                                        read.leftOut() == 0
                                                ? ""
                                                : "; "
                                                        + Figures.count(read.leftOut())
                                                        + " not paid by tokens left out",
                                        read.catalog().version(),
                                        dryRun ? "is not taken over" : "holds from now on"));
    }

    private static String prices(CatalogChange.Changed one) {
        String before = price(one.before());
        String after = price(one.after());
        return before.equals(after) ? after + ", other rates" : before + " -> " + after;
    }

    /** Input and output, and whether there is more to it. */
    private static String price(Model model) {
        return model.price()
                .map(price ->
                        usd(price.base().input())
                                + ":"
                                + usd(price.base().output())
                                + (isPlain(price) ? "" : " and more"))
                .orElse("unknown");
    }

    private static boolean isPlain(Price price) {
        return price.tiers().isEmpty()
                && price.services().isEmpty()
                && price.base().others().isEmpty()
                && price.base().cacheRead().isEmpty()
                && price.base().cacheWrite().isEmpty();
    }

    private static String usd(long rate) {
        return Money.ofNanos(rate).usd().toPlainString();
    }

    private ObjectNode render(CatalogImport read, CatalogChange change) {
        ObjectNode said =
                Render.object()
                        .put("style", read.style())
                        .put("version", read.catalog().version())
                        .put("models", read.catalog().refs().size())
                        .put("left_out", read.leftOut())
                        .put("taken_over", !dryRun);
        ArrayNode added = said.putArray("added");
        change.added().forEach(model -> added.add(ModelsCommand.render(model)));
        ArrayNode priced = said.putArray("priced");
        change.priced().forEach(one -> priced.add(render(one)));
        ArrayNode others = said.putArray("changed");
        change.others().forEach(one -> others.add(one.after().ref()));
        ArrayNode removed = said.putArray("removed");
        change.removed().forEach(model -> removed.add(model.ref()));
        return said;
    }

    private static ObjectNode render(CatalogChange.Changed one) {
        ObjectNode both = Render.object().put("model", one.after().ref());
        String prices = "usd_per_million_tokens";
        both.set("before", ModelsCommand.render(one.before()).path(prices));
        both.set("after", ModelsCommand.render(one.after()).path(prices));
        return both;
    }
}
