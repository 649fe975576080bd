package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import configcat.management.ClientOptions;
import configcat.management.Field;
import configcat.management.JsonValues;
import configcat.management.ManagementClient;
import configcat.management.models.CassetteMode;
import configcat.management.models.CreateConfig;
import configcat.management.models.CreateProduct;
import configcat.management.models.CreateSetting;
import configcat.management.models.EvaluationVersions;
import configcat.management.models.PatchOperation;
import configcat.management.models.PatchOperationTypes;
import configcat.management.models.RateLimitPolicy;
import configcat.management.models.SettingType;
import configcat.management.models.SettingTypes;
import configcat.management.models.UpdateConfig;
import configcat.management.testing.Simulator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Builders and constants, as used from Java. */
class JavaBuildersTest {
    /** Options with a value for each setting. */
    private static ClientOptions everyOption(String url) {
        return ClientOptions.builder()
            .baseUrl(url)
            .timeout(Duration.ofMinutes(1))
            .attemptTimeout(Duration.ofSeconds(20))
            .connectTimeout(Duration.ofSeconds(5))
            .maxAttempts(2)
            .retryAllMethods(true)
            .rateLimitPolicy(RateLimitPolicy.PACE)
            .maxRateLimitWait(Duration.ofSeconds(30))
            .maxResponseSize(1L << 20)
            .proxy("")
            .rootCertificates(List.of())
            .clientCertificate(null)
            .headers(Map.of("X-Team", "java"))
            .userAgent("acme/1.0")
            .callerId("acme/1.0")
            .allowHttp(true)
            .cassette(null)
            .cassetteMode(CassetteMode.AUTO)
            .build();
    }

    @Test
    void everyOptionCanBeSetByTheBuilder() {
        try (Simulator simulator = new Simulator()) {
            var options = everyOption(simulator.getUrl());
            try (ManagementClient client =
                new ManagementClient(simulator.getUsername(), simulator.getPassword(), options)) {
                assertEquals("simulator@example.com", client.blocking().getMe().get().getEmail());
            }
            var sent = simulator.journal().toString();
            for (var part : List.of("acme/1.0", "java")) {
                assertTrue(sent.contains(part), sent);
            }
            assertEquals(Duration.ofSeconds(20), options.getAttemptTimeout());
            assertEquals(options, options.withMaxAttempts(7).withMaxAttempts(2));
        }
    }

    /** Fails if an option was added that {@link #everyOption} does not set. */
    @Test
    void builderHasAFunctionForEachOption() {
        var settings = Arrays.stream(ClientOptions.class.getDeclaredFields()).map(field -> field.getName()).sorted();
        var functions = Arrays.stream(ClientOptions.Builder.class.getDeclaredMethods())
            .filter(method -> method.getReturnType() == ClientOptions.Builder.class)
            .map(method -> method.getName())
            .sorted();
        var names = settings.filter(name -> !name.equals("Companion")).toList();
        assertEquals(names, functions.toList());
        assertEquals(18, names.size());
    }

    @Test
    void bodiesAreBuiltWithTheirRequiredValues() {
        try (Simulator simulator = new Simulator(); ManagementClient client = simulator.client()) {
            var blocking = client.blocking();
            var organization = blocking.getOrganizations().list().get(0).getOrganizationId();
            var body = CreateProduct.builder("Web shop").description("All of it").build();
            var product = blocking.getProducts().create(organization, body).getProductId();
            var config = blocking.getConfigs().create(
                product,
                CreateConfig.builder("Main").description("Temporary").evaluationVersion(EvaluationVersions.V2).build());
            assertEquals("Temporary", config.getDescription());
            // What is null is sent as null, and what is not called is not sent.
            var cleared = UpdateConfig.builder().description(null).build();
            assertEquals(Field.ofNull(), cleared.getDescription());
            assertEquals(Field.absent(), cleared.getName());
            simulator.clearJournal();
            blocking.getConfigs().update(config.getConfigId(), cleared);
            var sent = simulator.journal().toString();
            assertTrue(sent.contains("\"requestBody\":{\"description\":null}"), sent);
            var flag = blocking.getSettings().create(
                config.getConfigId(),
                CreateSetting.builder("Checkout", "checkout", SettingTypes.BOOLEAN).hint("Buy").build());
            assertEquals(SettingTypes.BOOLEAN, flag.getSettingType());
            var rename = PatchOperation.builder(PatchOperationTypes.REPLACE, "/name")
                .value(JsonValues.jsonValue("Cash desk"))
                .build();
            assertEquals("Cash desk", blocking.getSettings().patch(flag.getSettingId(), List.of(rename)).getName());
        }
    }

    @Test
    void constantsAreTheObjectsOfTheEnum() {
        assertSame(SettingType.Boolean.INSTANCE, SettingTypes.BOOLEAN);
        assertNotNull(SettingTypes.STRING);
        assertEquals("BOOLEAN", Arrays.stream(SettingTypes.class.getFields())
            .filter(field -> field.getType() == SettingType.class).findFirst().orElseThrow().getName());
    }
}
