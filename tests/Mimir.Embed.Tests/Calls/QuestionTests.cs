using System.Text.Json;
using Mimir.Embed.Hosting;
using Mimir.Embed.Tests.Support;
using Mimir.Embed.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Calls;

/// <summary>What tools ask of their clients.</summary>
public sealed class QuestionTests
{
    private const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{},\"sampling\":{}}}";

    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Sample_Tool_GetsWhatTheClientsModelSays(string revision)
    {
        CreateMessageRequestParams? asked = null;
        var host = new McpHost();
        host.Tools.Add("rhyme", "Asks the model.", async (ToolContext context) => $"It says {await context.SampleAsync("Rhyme on orange", 50, "A poet")}");
        await using var line = await Line.OpenAsync(host, revision, options => options.Handlers = new()
        {
            SamplingHandler = (request, _, _) =>
            {
                asked = request;
                return ValueTask.FromResult(Said("door hinge"));
            },
        });

        var result = await line.Client.CallToolAsync("rhyme");

        Assert.Equal("It says door hinge", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal((50, "A poet", "Rhyme on orange"), (asked!.MaxTokens, asked.SystemPrompt, asked.Messages[0].Content.OfType<TextContentBlock>().Single().Text));
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Ask_SeveralAtOnce_AreAnsweredByTheirKeys(string revision)
    {
        var begun = 0;
        var host = new McpHost();
        host.Tools.Add("all", "Asks everybody.", async (ToolContext context) =>
        {
            begun++;
            var answers = await context.AskAsync(new Dictionary<string, InputRequest>
            {
                ["sure"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Sure?", RequestedSchema = new() }),
                ["word"] = InputRequest.ForSampling(new CreateMessageRequestParams { Messages = [], MaxTokens = 5 }),
                ["where"] = InputRequest.ForRootsList(new ListRootsRequestParams()),
            });
            return $"{answers["sure"].Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Action} "
                + $"{answers["word"].Deserialize(InputResponse.CreateMessageResultJsonTypeInfo)!.Content.OfType<TextContentBlock>().Single().Text} "
                + answers["where"].Deserialize(InputResponse.ListRootsResultJsonTypeInfo)!.Roots.Single().Uri;
        });
        await using var line = await Line.OpenAsync(host, revision, static options => options.Handlers = new()
        {
            ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }),
            SamplingHandler = static (_, _, _) => ValueTask.FromResult(Said("hm")),
            RootsHandler = static (_, _) => ValueTask.FromResult(new ListRootsResult { Roots = [new Root { Uri = "file:///home" }] }),
        });

        var result = await line.Client.CallToolAsync("all");

        Assert.Equal("decline hm file:///home", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Equal(1, begun);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Ask_UserTakesLongerThanACallMay_CallGoesOn(string revision)
    {
        var host = new McpHost(new McpHostOptions { CallTimeout = TimeSpan.FromSeconds(1) });
        host.Tools.Add("sure", "Asks.", static async (ToolContext context) => await context.ConfirmAsync("Sure?") ? "yes" : "no");
        await using var line = await Line.OpenAsync(host, revision, static options => options.Handlers = new()
        {
            ElicitationHandler = static async (_, cancellation) =>
            {
                await Task.Delay(2500, cancellation);
                return new ElicitResult { Action = "accept" };
            },
        });

        var result = await line.Client.CallToolAsync("sure");

        Assert.Equal("yes", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task Ask_UserNeverAnswers_IsAnErrorThatSaysSo()
    {
        var host = new McpHost(new McpHostOptions { QuestionTimeout = TimeSpan.FromMilliseconds(300) });
        host.Tools.Add("sure", "Asks.", static async (ToolContext context) => await context.ConfirmAsync("Sure?") ? "yes" : "no");
        await using var line = await RawLine.OpenAsync(host, "{\"elicitation\":{}}");

        await line.SayAsync("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"sure\"}}");
        JsonElement heard;
        do
        {
            heard = await line.HearAsync();
        }
        while (!heard.TryGetProperty("error", out _));

        Assert.Equal("The client has not answered within 0.3 s what it was asked.", heard.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Ask_CallThatTakesItsTimeAfterTheAnswer_HasItsTimeAnewAndNoMore()
    {
        var host = new McpHost(new McpHostOptions { CallTimeout = TimeSpan.FromMilliseconds(500) });
        host.Tools.Add("sure", "Asks.", static async (ToolContext context) =>
        {
            await context.ConfirmAsync("Sure?");
            await Task.Delay(Timeout.Infinite, context.Cancellation);
        });
        await using var line = await Line.OpenAsync(host, "2025-11-25", static options => options.Handlers = new()
        {
            ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }),
        });

        var error = await Assert.ThrowsAnyAsync<McpException>(async () => await line.Client.CallToolAsync("sure"));

        Assert.Contains("has not ended within 0.5 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Ask_ClientThatCannot_IsAnErrorAndWhatItCanIsKnown(string revision)
    {
        var host = new McpHost();
        host.Tools.Add("rhyme", "Asks the model.", static (ToolContext context) => context.SampleAsync("Rhyme"));
        host.Tools.Add("able", "Tells what the client can.", static (ToolContext context) => $"{context.Client?.Elicitation is not null} {context.Client?.Sampling is not null}");
        await using var line = await Line.OpenAsync(host, revision, static options => options.Handlers = new() { ElicitationHandler = static (_, _) => throw new InvalidOperationException() });

        var error = await Assert.ThrowsAnyAsync<McpProtocolException>(async () => await line.Client.CallToolAsync("rhyme"));
        var able = await line.Client.CallToolAsync("able");

        Assert.Equal(revision == "2026-07-28" ? McpErrorCode.MissingRequiredClientCapability : McpErrorCode.InternalError, error.ErrorCode);
        Assert.Equal("True False", Assert.IsType<TextContentBlock>(Assert.Single(able.Content)).Text);
    }

    [Fact]
    public async Task Ask_AnswerThatIsNone_IsAskedForAgainUnderAnotherState()
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2026-07-28");

        var first = await CallAsync(wire, 1, "");
        var again = await CallAsync(wire, 2, $"\"requestState\":{first.GetProperty("requestState").GetRawText()},\"inputResponses\":{{\"who\":12345,\"other\":{{\"action\":\"accept\"}}}},");
        var stale = await CallAsync(wire, 3, $"\"requestState\":{first.GetProperty("requestState").GetRawText()},\"inputResponses\":{{\"who\":{{\"action\":\"accept\"}}}},");
        var last = await CallAsync(wire, 4, $"\"requestState\":{again.GetProperty("requestState").GetRawText()},\"inputResponses\":{{\"who\":{{\"action\":\"accept\",\"content\":{{\"name\":\"Ada\"}}}}}},");

        Assert.Equal("input_required", first.GetProperty("resultType").GetString());
        Assert.Equal("Who?", first.GetProperty("inputRequests").GetProperty("who").GetProperty("params").GetProperty("message").GetString());
        Assert.Equal("input_required", again.GetProperty("resultType").GetString());
        Assert.Equal(["who"], again.GetProperty("inputRequests").EnumerateObject().Select(static q => q.Name));
        Assert.NotEqual(first.GetProperty("requestState").GetString(), again.GetProperty("requestState").GetString());
        Assert.Equal(-32602, stale.GetProperty("code").GetInt32());
        Assert.Equal("Ada, asked once", last.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Ask_AnswerThatCameWithTheCall_IsTakenAndTheRestIsNot()
    {
        await using var wire = await Wire.OpenAsync(NewHost(), "2026-07-28");

        var known = await CallAsync(wire, 1, """
            "inputResponses":{"who":{"action":"accept","content":{"name":"Bob"}},"more":{"action":"accept"}},
            """);
        var wrong = await CallAsync(wire, 2, """
            "inputResponses":{"who":"Bob"},
            """);

        Assert.Equal("Bob, asked once", known.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("input_required", wrong.GetProperty("resultType").GetString());
    }

    [Fact]
    public async Task Ask_StateOfAPrompt_IsNoToolsToAnswer()
    {
        var host = NewHost();
        host.Prompts.Add("greet", "Asks.", async (Embed.Prompts.PromptContext context) => await context.ConfirmAsync("Sure?") ? "yes" : "no");
        await using var wire = await Wire.OpenAsync(host, "2026-07-28");

        await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"greet",{{{Meta}}}}}""");
        var asked = (await wire.NextAsync(static m => m.TryGetProperty("id", out _))).GetProperty("result");
        var other = await CallAsync(wire, 2, $"\"requestState\":{asked.GetProperty("requestState").GetRawText()},\"inputResponses\":{{\"question\":{{\"action\":\"accept\"}}}},");
        await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":3,"method":"prompts/get","params":{"name":"greet","requestState":{{{asked.GetProperty("requestState").GetRawText()}}},"inputResponses":{"question":{"action":"accept"}},{{{Meta}}}}}""");
        var own = (await wire.NextAsync(static m => m.TryGetProperty("id", out _))).GetProperty("result");

        Assert.Equal(-32602, other.GetProperty("code").GetInt32());
        Assert.Equal("yes", own.GetProperty("messages")[0].GetProperty("content").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Ask_KeyThatIsOpen_IsRefusedAndTwoKeysAreAskedSideBySide()
    {
        var refused = "";
        var host = new McpHost();
        host.Tools.Add("greet", "Asks twice at once.", async (ToolContext context) =>
        {
            var one = context.AskAsync(Form("One?"), "one");
            var two = context.AskAsync(Form("Two?"), "two");
            refused = (await Assert.ThrowsAsync<InvalidOperationException>(() => context.AskAsync(Form("Again?"), "one"))).Message;
            return $"{(await one).Action} {(await two).Action}";
        });
        await using var wire = await Wire.OpenAsync(host, "2026-07-28");
        var answers = new Dictionary<string, string> { ["one"] = "accept", ["two"] = "decline" };

        var result = await CallAsync(wire, 1, "");
        for (var id = 2; result.GetProperty("resultType").GetString() == "input_required"; id++)
        {
            Assert.InRange(id, 2, 4);
            var given = string.Join(',', result.GetProperty("inputRequests").EnumerateObject().Select(q => $"\"{q.Name}\":{{\"action\":\"{answers[q.Name]}\"}}"));
            result = await CallAsync(wire, id, $"\"requestState\":{result.GetProperty("requestState").GetRawText()},\"inputResponses\":{{{given}}},");
        }

        Assert.Equal("accept decline", result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Contains("A question 'one' is open already.", refused, StringComparison.Ordinal);
    }

    private static McpHost NewHost()
    {
        var host = new McpHost();
        var begun = 0;
        host.Tools.Add("greet", "Asks who.", async (ToolContext context) =>
        {
            begun++;
            var answer = await context.AskAsync(Form("Who?"), "who");
            return $"{answer.Content?["name"]}, asked {(begun == 1 ? "once" : "again")}";
        });
        return host;
    }

    private static ElicitRequestParams Form(string message) => new() { Message = message, RequestedSchema = new() };

    private static CreateMessageResult Said(string text) => new() { Role = Role.Assistant, Model = "m", Content = [new TextContentBlock { Text = text }] };

    /// <summary>Calls the tool.</summary>
    /// <returns>Its result, or its error.</returns>
    private static async Task<JsonElement> CallAsync(Wire wire, int id, string more)
    {
        await wire.SendAsync($$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"greet",{{{more.Trim()}}}{{{Meta}}}}}""");
        var answer = await wire.NextAsync(m => m.TryGetProperty("id", out var own) && own.GetInt32() == id);
        return answer.TryGetProperty("result", out var result) ? result : answer.GetProperty("error");
    }
}
