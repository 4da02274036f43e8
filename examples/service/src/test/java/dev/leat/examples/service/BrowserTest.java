package dev.leat.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real Chromium; screenshots go to {@code target/screenshots}. */
@Tag("browser")
class BrowserTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Services.Held HELD = new Services.Held();

    @SuppressWarnings("NullAway.Init") // set before any test
    private static LeatService service;

    @SuppressWarnings("NullAway.Init")
    private static LeatService slowService;

    @SuppressWarnings("NullAway.Init")
    private static ChromeDriver browser;

    @BeforeAll
    static void start() {
        service = Services.started(Services.settings(), Engine.Changes.NONE);
        slowService = Services.started(Services.settings(), HELD.changes());
        ChromeOptions options = new ChromeOptions();
        options.setBinary(System.getProperty("leat.chromium", "/usr/bin/chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--window-size=1280,2000");
        options.setCapability("goog:loggingPrefs", java.util.Map.of(LogType.BROWSER, "ALL"));
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of(System.getProperty("leat.chromedriver", "/usr/bin/chromedriver"))
                                .toFile())
                        .build(),
                options);
    }

    @AfterAll
    static void stop() {
        browser.quit();
        HELD.release().countDown();
        service.close();
        slowService.close();
    }

    @BeforeEach
    void open() {
        open(service);
    }

    /** No test leaves an error behind: a script that failed, or something that the policy stopped. */
    @AfterEach
    void keepPictureAndConsole(TestInfo test) throws IOException {
        byte[] picture = browser.getScreenshotAs(OutputType.BYTES);
        Path folder = Path.of(System.getProperty("leat.basedir")).resolve("target/screenshots");
        Files.createDirectories(folder);
        Files.write(folder.resolve(test.getTestMethod().orElseThrow().getName() + ".png"), picture);
        List<String> complaints = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("status of 422")) // which the page was told on purpose
                .toList();
        assertThat(complaints).isEmpty();
    }

    private static void open(LeatService which) {
        browser.get("http://127.0.0.1:" + which.port() + "/");
    }

    private static WebElement find(String css) {
        return browser.findElement(By.cssSelector(css));
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        new WebDriverWait(browser, PATIENCE).withMessage(what).until(driver -> condition.getAsBoolean());
    }

    private static void awaitDone() {
        await("the end", () -> find("#status").getText().startsWith("Done in"));
    }

    private static void analyse(String text) {
        // Not typed: a driver cannot type every character.
        ((JavascriptExecutor) browser).executeScript("document.getElementById('text').value = arguments[0]", text);
        find("#send-text").click();
    }

    @Test
    void text_shortAndPleasant_showsBarsAVerdictASkippedSummaryAndAWaterfall() {
        analyse("The flat is bright, quiet and close to the park.");
        awaitDone();

        assertThat(find("[data-stage=sentiment] .score").getText()).contains("POSITIVE");
        assertThat(find("[data-stage=sentiment] meter").getAttribute("value")).startsWith("0.");
        assertThat(find("[data-stage=moderation] .verdict").getText()).isEqualTo("Not flagged");
        assertThat(find("[data-stage=summary] .how").getText()).contains("skipped (long-text)");
        assertThat(browser.findElements(By.cssSelector("[data-stage=embedding] rect")))
                .hasSize(384);
        assertThat(find("#trace").getText()).contains("encode", "computed", "skipped");
    }

    @Test
    void text_withNamesAndInsults_showsThemMarkedWhereTheyStand() {
        analyse(
                "\uD83D\uDE00 <b>Maria Lopez</b> flew to Berlin with Siemens.\nCall her on +49 30 901820, you shithead!");
        awaitDone();

        assertThat(marks("entities")).contains("Maria LopezPERSON", "BerlinLOCATION", "+49 30 901820PHONE");
        assertThat(find("[data-stage=moderation] .verdict").getText()).isEqualTo("Flagged");
        assertThat(marks("moderation")).anyMatch(mark -> mark.startsWith("shithead") && mark.contains("profanity"));
        assertThat(find("[data-stage=entities] .text").getAttribute("textContent"))
                .contains("<b>Maria Lopez");
    }

    private static List<String> marks(String stage) {
        return browser.findElements(By.cssSelector("[data-stage=" + stage + "] mark")).stream()
                .map(mark -> mark.getAttribute("textContent"))
                .toList();
    }

    @Test
    void text_askedAgain_comesFromTheCache() {
        String text = "The second time it is quicker.";
        analyse(text);
        awaitDone();
        ((JavascriptExecutor) browser).executeScript("document.getElementById('status').textContent = ''");
        find("#text").sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
        awaitDone();

        assertThat(browser.findElements(By.cssSelector("#trace tr[data-delivery=cached]")))
                .isNotEmpty();
    }

    @Test
    void text_hostile_isShownAsTextAndNeverRun() {
        String hostile = "\"><img src=x onerror=document.title='run'><b>'bold'</b> &lt;i&gt; \u202eright to left\u202c "
                + "\u05e9\u05dc\u05d5\u05dd. " + "This sentence <svg onload=document.title='run'> is good. ".repeat(20);
        analyse(hostile + "<script>document.title='run'</script>");
        awaitDone();

        assertThat(browser.getTitle()).isEqualTo("Leat: look at a text or a picture");
        assertThat(find("[data-stage=summary] .text").getText()).contains("<svg onload=document.title='run'>");
        assertThat(browser.findElements(By.cssSelector("#results b, #results img, #results script, [onload]")))
                .isEmpty();
    }

    @Test
    void text_blank_isRefusedInWords() {
        analyse("   ");

        await("a refusal", () -> find("#alert").getText().contains("The text is blank."));
        assertThat(browser.findElements(By.cssSelector(".stage"))).isEmpty();
    }

    @Test
    void picture_ofAReceipt_isOutlinedAndRead() {
        choose("receipt.png");
        awaitDone();

        assertThat(find("[data-stage=text] pre").getText()).contains("CORNER STREET MARKET");
        assertThat(browser.findElements(By.cssSelector("#subject polygon"))).hasSizeGreaterThan(5);
        assertThat(find("#subject polygon title").getAttribute("textContent")).contains("(0.");
        assertThat(find("[data-stage=moderation] .verdict").getText()).isEqualTo("Appropriate");
        assertThat(browser.findElements(By.cssSelector("[data-stage=classification] .score")))
                .hasSize(5);
    }

    @Test
    void picture_thatIsNone_isRefusedInWords() throws IOException {
        Path none = Files.createTempFile("leat", ".png");
        Files.writeString(none, "<svg onload=alert(1)>");
        find("#image").sendKeys(none.toString());
        find("#send-image").click();

        await("a refusal", () -> find("#alert").getText().contains("in no format that this service reads"));
        Files.delete(none);
    }

    @Test
    void stage_slow_isUnderWayWhileOthersAreShown() {
        open(slowService);
        analyse("A bright flat, slowly.");

        await(
                "the others",
                () -> browser.findElements(By.cssSelector("[data-stage][data-outcome=success]"))
                                .size()
                        >= 3);
        assertThat(find("[data-stage=embedding]").getText()).isEqualTo("Embedding: under way");
        assertThat(find("#status").getText()).contains("answered so far");
        HELD.release().countDown();
        awaitDone();
        assertThat(find("[data-stage=embedding] .how").getText()).startsWith("answered");
    }

    @Test
    void page_isUsableByKeyboardAlone() {
        new Actions(browser).sendKeys(Keys.TAB).perform();
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Go to the results");
        for (String id : List.of("text", "send-text", "image", "send-image")) {
            new Actions(browser).sendKeys(Keys.TAB).perform();
            assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo(id);
        }
        assertThat(browser.findElements(By.cssSelector("label[for=text], label[for=image]")))
                .hasSize(2);
    }

    private static void choose(String sample) {
        find("#image")
                .sendKeys(Path.of(System.getProperty("leat.basedir"))
                        .resolve("../quickstart/src/main/resources/samples/" + sample)
                        .normalize()
                        .toString());
        find("#send-image").click();
    }
}
