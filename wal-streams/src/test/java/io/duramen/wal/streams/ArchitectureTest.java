package io.duramen.wal.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;

/// Whom the streams may know.
@AnalyzeClasses(packages = "io.duramen.wal.streams",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.duramen.wal";

    @ArchTest
    static final ArchRule streams_use_the_handle_and_the_protocol_of_a_log = noClasses()
            .should().dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".actors.LogActor")
            .orShould().dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".actors.FragmentActor")
            .orShould().dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".actors.ViewActor")
            .orShould().dependOnClassesThat()
            .haveFullyQualifiedName(ROOT + ".actors.IoSchedulerActor");

    @ArchTest
    static final ArchRule streams_know_no_files_and_no_other_users_of_a_log = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".persistence..",
                    ROOT + ".tools..", ROOT + ".io..", ROOT + ".os..", ROOT + ".memory..",
                    ROOT + ".format..", "sun..", "jdk.internal..");

    @ArchTest
    static final ArchRule logging_is_slf4j = noClasses()
            .should().dependOnClassesThat().resideInAnyPackage("java.util.logging..",
                    "ch.qos.logback..");

    @ArchTest
    static final ArchRule nobody_sleeps =
            noClasses().should().callMethod(Thread.class, "sleep", long.class)
                    .orShould().callMethod(Thread.class, "sleep", Duration.class);
}
