package io.duramen.wal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// Who may know whom inside the core. Packages that do not exist yet break no rule.
@AnalyzeClasses(packages = "io.duramen.wal", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.duramen.wal";

    @ArchTest
    static final ArchRule every_class_is_in_a_package_with_a_place = classes()
            .should().resideInAnyPackage(ROOT, ROOT + ".log..", ROOT + ".transfer..",
                    ROOT + ".fragment..", ROOT + ".io..", ROOT + ".format..", ROOT + ".memory..",
                    ROOT + ".bytes..", ROOT + ".os..", ROOT + ".probe..", ROOT + ".bench..")
            .because("a new package needs a line in this file: who may use it");

    @ArchTest
    static final ArchRule layers = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("bench").definedBy(ROOT + ".bench..")
            .layer("probe").definedBy(ROOT + ".probe..")
            .layer("log").definedBy(ROOT + ".log..")
            .layer("transfer").definedBy(ROOT + ".transfer..")
            .layer("fragment").definedBy(ROOT + ".fragment..")
            .layer("io").definedBy(ROOT + ".io..")
            .layer("format").definedBy(ROOT + ".format..")
            .layer("memory").definedBy(ROOT + ".memory..")
            .whereLayer("bench").mayNotBeAccessedByAnyLayer()
            .whereLayer("probe").mayOnlyBeAccessedByLayers("bench")
            .whereLayer("log").mayOnlyBeAccessedByLayers("probe", "bench")
            .whereLayer("transfer").mayNotBeAccessedByAnyLayer()
            .whereLayer("fragment").mayOnlyBeAccessedByLayers("log", "transfer",
                    "probe", "bench")
            .whereLayer("io").mayOnlyBeAccessedByLayers("log", "transfer", "fragment",
                    "probe", "bench")
            .whereLayer("format").mayOnlyBeAccessedByLayers("log", "transfer", "fragment")
            .whereLayer("memory").mayOnlyBeAccessedByLayers("log", "transfer", "fragment", "io",
                    "format", "probe", "bench");

    @ArchTest
    static final ArchRule only_drivers_and_slabs_use_the_operating_system = noClasses()
            .that().resideOutsideOfPackages(ROOT + ".os..", ROOT + ".io.posix..",
                    ROOT + ".io.uring..", ROOT + ".memory..")
            .should().dependOnClassesThat().resideInAPackage(ROOT + ".os..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule only_os_calls_native_functions = noClasses()
            .that().resideOutsideOfPackage(ROOT + ".os..")
            .should().dependOnClassesThat(named("the linker", "java.lang.foreign.Linker"))
            .orShould().dependOnClassesThat(named("symbols", "java.lang.foreign.SymbolLookup"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_core_knows_no_framework = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("org.apache.pekko..",
                    "com.typesafe..", "org.slf4j..", "ch.qos.logback..", "scala..", "picocli..");

    @ArchTest
    static final ArchRule chronicle_is_payload_only = noClasses()
            .that().resideOutsideOfPackages(ROOT + ".bytes..", ROOT + ".log..")
            .should().dependOnClassesThat().resideInAPackage("net.openhft..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_core_uses_no_sun_internals = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("sun..", "jdk.internal..");

    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching(ROOT + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule no_dumping_grounds = classes()
            .should().haveNameNotMatching(".*(Utils?|Helpers?|Managers?|Impl2)(\\$.*)?");

    private static DescribedPredicate<JavaClass> named(String what, String name) {
        return DescribedPredicate.describe(what + " of java.lang.foreign",
                type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }
}
