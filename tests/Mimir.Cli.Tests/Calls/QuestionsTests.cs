using System.Text.Json;
using Mimir.Cli.Calls;
using Mimir.Cli.Tests.Fakes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Calls;

public sealed class QuestionsTests
{
    private const string TwoFields =
        """
        {"mode":"form","message":"Who are you?\u001b[2J","requestedSchema":{"type":"object","properties":{
        "name":{"type":"string","minLength":2},"colour":{"type":"string","enum":["red","green"],"default":"green"},
        "age":{"type":"integer"}},"required":["name"]}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 20_000)]
    public async Task Form_AtATerminal_AsksAgainUntilRightAndShowsWhatWillBeSent()
    {
        var console = new TestConsole(terminal: true, typed: ["x", "Ada", "", "old", "36", "y"]);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal("accept", result.Action);
        Assert.Equal("""{"name":"Ada","colour":"green","age":36}""", JsonSerializer.Serialize(result.Content));
        Assert.Contains("demo asks: Who are you?\\x1b[2J", console.Error, StringComparison.Ordinal);
        Assert.Contains("at least 2 are needed", console.Error, StringComparison.Ordinal);
        Assert.Contains("1) red", console.Error, StringComparison.Ordinal);
        Assert.Contains("colour: green", console.Error, StringComparison.Ordinal);
        Assert.Empty(console.Out);
    }

    [Fact(Timeout = 20_000)]
    public async Task Form_EditedAtReview_IsAskedAgainFromTheStart()
    {
        var console = new TestConsole(terminal: true, typed: ["Ada", "1", "", "e", "Grace", "2", "", "yes"]);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal("""{"name":"Grace","colour":"green"}""", JsonSerializer.Serialize(result.Content));
    }

    [Theory(Timeout = 20_000)]
    [InlineData("decline", ":decline")]
    [InlineData("cancel", ":cancel")]
    [InlineData("decline", "Ada", " :decline ")]
    [InlineData("decline", "Ada", "", "", "d")]
    [InlineData("cancel", "Ada", "", "", "c")]
    [InlineData("cancel", "Ada")]
    [InlineData("cancel")]
    public async Task Form_NotSent_SaysWhetherRefusedOrLeft(string expected, params string[] typed)
    {
        var console = new TestConsole(terminal: true, typed: typed);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal(expected, result.Action);
        Assert.Null(result.Content);
    }

    [Fact(Timeout = 20_000)]
    public async Task Form_RequiredFieldLeftEmpty_IsAskedAgain()
    {
        var console = new TestConsole(terminal: true, typed: ["", "  ", "Ada", "", "", ""]);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal("accept", result.Action);
        Assert.Equal(2, console.Error.Split("an answer is needed").Length - 1);
    }

    [Fact(Timeout = 20_000)]
    public async Task Form_AnswersPipedIn_AreSentWithoutReview()
    {
        var console = new TestConsole(typed: ["Ada", "red", "7"]);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal("""{"name":"Ada","colour":"red","age":7}""", JsonSerializer.Serialize(result.Content));
        Assert.DoesNotContain("Send this?", console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Form_WrongAnswerPipedIn_CancelsAndLeavesTheRestUnread()
    {
        var console = new TestConsole(typed: ["x", "red", "7"]);

        var result = await AskAsync(console, TwoFields);

        Assert.Equal("cancel", result.Action);
        Assert.Equal(2, console.Lines.Left);
    }

    [Fact(Timeout = 20_000)]
    public async Task Form_WithoutFields_OnlyAsksForConsent()
    {
        var console = new TestConsole(terminal: true, typed: ["y"]);

        var result = await AskAsync(console, """{"message":"Delete it all?","requestedSchema":{"type":"object","properties":{}}}""");

        Assert.Equal("accept", result.Action);
        Assert.Contains("Send this?", console.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("accept", "a")]
    [InlineData("accept", "what?", "Accept")]
    [InlineData("decline", "d")]
    [InlineData("cancel", "c")]
    [InlineData("cancel")]
    public async Task Url_Shown_IsAnsweredByChoiceOnly(string expected, params string[] typed)
    {
        var console = new TestConsole(terminal: true, typed: typed);

        var result = await AskAsync(console, """{"mode":"url","elicitationId":"1","message":"Sign in","url":"https://login.example:8443/a?b=c#d"}""");

        Assert.Equal(expected, result.Action);
        Assert.Contains("https://login.example:8443/a?b=c#d\n", console.Error, StringComparison.Ordinal);
        Assert.Contains("host: login.example\n", console.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/html,x")]
    [InlineData("not a url")]
    [InlineData("/relative")]
    public async Task Url_OfAnotherScheme_IsDeclinedUnasked(string url)
    {
        var console = new TestConsole(terminal: true, typed: ["a"]);

        var result = await AskAsync(console, $$"""{"mode":"url","elicitationId":"1","message":"m","url":"{{url}}"}""");

        Assert.Equal("decline", result.Action);
        Assert.Equal(1, console.Lines.Left);
    }

    [Theory(Timeout = 20_000)]
    [InlineData("http://login.example/", "not encrypted")]
    [InlineData("https://xn--pple-43d.com/", "may only look like")]
    [InlineData("https://аpple.com/", "may only look like")]
    [InlineData("https://google.com@evil.example/", "before the @")]
    public async Task Url_ThatDeceives_IsShownWithAWarning(string url, string expected)
    {
        var console = new TestConsole(terminal: true, typed: ["d"]);

        await AskAsync(console, $$"""{"mode":"url","elicitationId":"1","message":"m","url":"{{url}}"}""");

        Assert.Contains(expected, console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Question_Withdrawn_StopsWaitingForTheKeyboard()
    {
        var console = new TestConsole(terminal: true);
        console.Lines.IsSilent = true;
        using var withdraw = new CancellationTokenSource();
        using var live = new LiveLine(console.Console);
        using var questions = new Questions(console.Console, live, "demo");
        var asking = questions.AnswerAsync(Question(TwoFields), withdraw.Token).AsTask();
        await console.WaitForErrorAsync("name (");

        await withdraw.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Contains("withdrawn", console.Error, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Questions_TwoAtOnce_AreAskedOneAfterTheOther()
    {
        var console = new TestConsole(typed: ["Ada", "red", "1", "Bob", "red", "2"]);
        using var live = new LiveLine(console.Console);
        using var questions = new Questions(console.Console, live, "demo");

        var both = await Task.WhenAll(
            questions.AnswerAsync(Question(TwoFields), Token).AsTask(), questions.AnswerAsync(Question(TwoFields), Token).AsTask());

        Assert.Equal(
            ["""{"name":"Ada","colour":"red","age":1}""", """{"name":"Bob","colour":"red","age":2}"""],
            both.Select(r => JsonSerializer.Serialize(r.Content)).Order(StringComparer.Ordinal));
    }

    private static async Task<ElicitResult> AskAsync(TestConsole console, string question)
    {
        using var live = new LiveLine(console.Console);
        using var questions = new Questions(console.Console, live, "demo");
        return await questions.AnswerAsync(Question(question), Token);
    }

    private static ElicitRequestParams Question(string json) =>
        JsonSerializer.Deserialize<ElicitRequestParams>(json, McpJsonUtilities.DefaultOptions)!;
}
