package dev.pointsman;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The arrows between the packages of the library: none points back up. */
class ArchitectureTest {

    /** From what knows least to what knows most. */
    private static final List<String> PACKAGES =
            List.of(
                    "core",
                    "budget",
                    "access",
                    "catalog",
                    "wire",
                    "policy",
                    "classify",
                    "decide",
                    "transport",
                    "call",
                    "route");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.pointsman")
                    .that(
                            DescribedPredicate.describe(
                                    "of the library",
                                    type ->
                                            !type.getPackageName()
                                                    .equals("dev.pointsman.testing")));

    @Test
    void packages_dependencies_neverPointUp() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : PACKAGES) {
            layers = layers.layer(name).definedBy("dev.pointsman." + name);
        }
        layers = layers.layer("api").definedBy("dev.pointsman");
        layers = layers.whereLayer("api").mayNotBeAccessedByAnyLayer();
        for (int i = 0; i < PACKAGES.size(); i++) {
            List<String> above = new ArrayList<>(PACKAGES.subList(i + 1, PACKAGES.size()));
            above.add("api");
            layers =
                    layers.whereLayer(PACKAGES.get(i))
                            .mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
        }
        layers.check(CLASSES);
    }

    @Test
    void packages_together_haveNoCycle() {
        slices().matching("dev.pointsman.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void vertx_outsideTransport_isNotImported() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.pointsman.transport")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void deciding_packages_doNoInputOrOutputAndReadNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.pointsman.core", "dev.pointsman.decide")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.sql..", "java.time.chrono..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .check(CLASSES);
    }

    @Test
    void library_output_neverGoesToTheConsole() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..")
                .check(CLASSES);
    }

    @Test
    void packages_all_areNullMarked() {
        for (String name : PACKAGES) {
            JavaPackage found = CLASSES.getPackage("dev.pointsman." + name);
            Assertions.assertThat(found.isAnnotatedWith(NullMarked.class))
                    .as(found.getName())
                    .isTrue();
        }
    }
}
