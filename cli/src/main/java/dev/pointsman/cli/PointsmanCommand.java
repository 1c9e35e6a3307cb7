package dev.pointsman.cli;

import dev.pointsman.catalog.CatalogException;
import dev.pointsman.core.RouteException;
import dev.pointsman.ledger.LedgerException;
import dev.pointsman.policy.PolicyException;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** {@code pointsman}. */
@Command(
        name = "pointsman",
        description = "Sends each AI task to the model that should do it.",
        mixinStandardHelpOptions = true,
        versionProvider = BuildInfo.class,
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0    done",
            "  1    a defect of Pointsman",
            "  2    wrong arguments, policy, input or ledger",
            "  3    at least one task has no answer, or training found nothing better",
            "  130  interrupted",
            "",
            "Shell completion: source <(pointsman generate-completion)"
        })
public final class PointsmanCommand {

    private static final List<Class<?>> COMMANDS =
            List.of(
                    RouteCommand.class,
                    ExplainCommand.class,
                    ClassifyCommand.class,
                    PipeCommand.class,
                    ServeCommand.class,
                    ReportCommand.class,
                    BudgetsCommand.class,
                    RepriceCommand.class,
                    LedgerCommand.class,
                    KeysCommand.class,
                    EvalCommand.class,
                    TrainCommand.class,
                    CostCommand.class,
                    ModelsCommand.class,
                    PolicyCommand.class,
                    DoctorCommand.class,
                    WarmUpCommand.class,
                    GenerateCompletion.class,
                    HelpCommand.class);

    /** Those that speak of the others. */
    private static final Set<Class<?>> ABOUT_ALL =
            Set.of(GenerateCompletion.class, HelpCommand.class);

    private PointsmanCommand() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] args) {
        PrintWriter out =
                new PrintWriter(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintWriter err =
                new PrintWriter(
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        out.flush();
        System.exit(code);
    }

    /** Runs a command; its results go to {@code out}, everything said about them to {@code err}. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new PointsmanCommand());
        needed(args).forEach(commandLine::addSubcommand);
        commandLine.setOut(out).setErr(err);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.registerConverter(int.class, number(Integer::valueOf));
        commandLine.registerConverter(Integer.class, number(Integer::valueOf));
        commandLine.registerConverter(long.class, number(Long::valueOf));
        commandLine.registerConverter(Long.class, number(Long::valueOf));
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> told(failure, err));
        commandLine.setParameterExceptionHandler((wrong, arguments) -> {
            err.println("pointsman: " + wrong.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
            err.println(
                    "Try: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return ExitCode.BAD_INPUT;
        });
        if (args.length == 0) {
            commandLine.usage(err);
            return ExitCode.BAD_INPUT;
        }
        int code = commandLine.execute(args);
        out.flush();
        return code;
    }

    /**
     * Each command that is made costs some milliseconds: the one that is meant, where it is clear.
     */
    private static List<Class<?>> needed(String... args) {
        return COMMANDS.stream()
                .filter(command -> args.length > 0 && name(command).equals(args[0]))
                .filter(command -> !ABOUT_ALL.contains(command))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int told(Exception failure, PrintWriter err) {
        return switch (failure) {
            case UserException e -> said(err, e, ExitCode.BAD_INPUT);
            case PolicyException e -> said(err, e, ExitCode.BAD_INPUT);
            case CatalogException e -> said(err, e, ExitCode.BAD_INPUT);
            case LedgerException e -> said(err, e, ExitCode.BAD_INPUT);
            case IllegalArgumentException e -> said(err, e, ExitCode.BAD_INPUT);
            case IOException e -> said(err, FileFault.words(e), ExitCode.BAD_INPUT);
            case UncheckedIOException e -> said(err, FileFault.words(e), ExitCode.BAD_INPUT);
            case RouteException e -> said(err, e, ExitCode.NO_ANSWER);
            case CancellationException e -> said(err, e, ExitCode.INTERRUPTED);
            default -> {
                failure.printStackTrace(err);
                err.println(
                        "pointsman: this is a defect of Pointsman; please report it with the lines"
                                + " above");
                yield ExitCode.INTERNAL;
            }
        };
    }

    private static int said(PrintWriter err, Exception failure, int code) {
        return said(err, String.valueOf(failure.getMessage()), code);
    }

    private static int said(PrintWriter err, String message, int code) {
        err.println("pointsman: " + message);
        return code;
    }

    /** A converter whose failures are said in words, not in types of Java. */
    private static <T> ITypeConverter<T> number(Function<String, T> conversion) {
        return text -> {
            try {
                return conversion.apply(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("\"" + text + "\" is no whole number in range");
            }
        };
    }
}
