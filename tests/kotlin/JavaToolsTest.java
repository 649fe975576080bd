package configcat.management.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import configcat.management.Tools;
import configcat.management.WebhookException;
import configcat.management.WebhookVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions that need no client, as used from Java. */
class JavaToolsTest {
    @Test
    void webhookRequestsAreSignedAndVerified() {
        var body = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        var headers = Tools.webhookSignedHeaders(List.of("key"), body);
        var id = headers.get("X-ConfigCat-Webhook-ID");
        var time = headers.get("X-ConfigCat-Webhook-Timestamp");
        var signature = headers.get("X-ConfigCat-Webhook-Signature-V1");
        new WebhookVerifier(List.of("key")).verify(id, time, signature, body);
        var other = new WebhookVerifier(List.of("other"));
        var wrong = assertThrows(WebhookException.class, () -> other.verify(id, time, signature, body));
        assertEquals("no signature matches", wrong.getMessage());

        var old = Tools.webhookSignedHeaders(List.of("key"), body, id, Instant.ofEpochSecond(1_669_629_035));
        assertEquals("1669629035", old.get("X-ConfigCat-Webhook-Timestamp"));
        var strict = new WebhookVerifier(List.of("key"), Duration.ofSeconds(10));
        var late = assertThrows(
            WebhookException.class,
            () -> strict.verify(id, "1669629035", old.get("X-ConfigCat-Webhook-Signature-V1"), body));
        assertEquals("the timestamp is outside of the tolerance", late.getMessage());
    }
}
