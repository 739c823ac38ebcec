using Mimir.Embed.Attributes;
using Mimir.Embed.Hosting;
using Mimir.Embed.Resources;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Completions;

/// <summary>Values for arguments while a user fills them in, in both eras.</summary>
public sealed class CompletionTests
{
    private const string Template = "game://players/{id}/{part}";

    public static TheoryData<string> Eras => ["2025-11-25", "2026-07-28"];

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_FixedValues_AreThoseThatBeginWithWhatIsWritten(string revision)
    {
        var host = NewHost();
        host.Prompts.Complete("duel", "hero", "Ada", "Adam", "Eve");
        await using var line = await Line.OpenAsync(host, revision);

        var some = await AskAsync(line, "hero", "ad");
        var all = await AskAsync(line, "hero", "");
        var none = await AskAsync(line, "hero", "x");

        Assert.Equal(["Ada", "Adam"], some.Values);
        Assert.Equal((2, false), (some.Total, some.HasMore));
        Assert.Equal(["Ada", "Adam", "Eve"], all.Values);
        Assert.Empty(none.Values);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_EnumsBooleansAndChoices_HaveTheirValuesByThemselves(string revision)
    {
        await using var line = await Line.OpenAsync(NewHost(), revision);

        Assert.Equal(["Sword", "Spear"], (await AskAsync(line, "weapon", "s")).Values);
        Assert.Equal(["true"], (await AskAsync(line, "toDeath", "t")).Values);
        Assert.Equal(["dawn", "dusk"], (await AskAsync(line, "at", "d")).Values);
        Assert.Empty((await AskAsync(line, "hero", "")).Values);
        Assert.Empty((await AskAsync(line, "nobody", "")).Values);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_Function_SeesTheOtherArgumentsOnTheMainThread(string revision)
    {
        using var loop = new Loop();
        var thread = 0;
        var host = NewHost(loop);
        host.Prompts.Complete("duel", "hero", request =>
        {
            thread = Environment.CurrentManagedThreadId;
            return [$"{request.Text} the {request.Arguments.GetValueOrDefault("weapon")}"];
        });
        await using var wire = await Wire.OpenAsync(host, revision);

        var answer = await wire.AskAsync(1, "completion/complete", """{"ref":{"type":"ref/prompt","name":"duel"},"argument":{"name":"hero","value":"Bob"},"context":{"arguments":{"weapon":"Axe"}}}""");

        Assert.Equal("""["Bob the Axe"]""", answer.GetProperty("result").GetProperty("completion").GetProperty("values").GetRawText());
        Assert.Equal(loop.ThreadId, thread);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_MoreThanAHundred_AreCutAndSaySo(string revision)
    {
        var host = NewHost();
        host.Prompts.Complete("duel", "hero", static _ => Enumerable.Range(0, 250).Select(static i => $"hero {i}").ToList());
        host.Prompts.Complete("duel", "at", static _ => Endless());
        await using var line = await Line.OpenAsync(host, revision);

        var many = await AskAsync(line, "hero", "");
        var endless = await AskAsync(line, "at", "");

        Assert.Equal((100, 250, true), (many.Values.Count, many.Total, many.HasMore));
        Assert.Equal("hero 99", many.Values[^1]);
        Assert.Equal((100, null, true), (endless.Values.Count, endless.Total, endless.HasMore));

        static IEnumerable<string> Endless()
        {
            for (var i = 0; ; i++) yield return i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_Template_HasValuesForItsVariables(string revision)
    {
        var host = NewHost();
        host.Resources.Complete(Template, "id", "17", "18", "2");
        host.Resources.Complete(Template, "part", async request =>
        {
            await Task.Yield();
            return new[] { $"{request.Text}head" };
        }, RunOn.Worker);
        await using var line = await Line.OpenAsync(host, revision);
        var template = new ResourceTemplateReference { Uri = Template };

        Assert.Equal(["17", "18"], (await line.Client.CompleteAsync(template, "id", "1")).Completion.Values);
        Assert.Equal(["fore-head"], (await line.Client.CompleteAsync(template, "part", "fore-")).Completion.Values);
        Assert.Equal("17's head", Assert.IsType<TextResourceContents>(Assert.Single((await line.Client.ReadResourceAsync("game://players/17/head")).Contents)).Text);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Complete_WhatIsNotThere_IsAnErrorThatNamesIt(string revision)
    {
        var host = NewHost();
        host.Prompts.Complete("duel", "hero", static IEnumerable<string> (_) => throw new InvalidOperationException("No heroes today."));
        await using var line = await Line.OpenAsync(host, revision);

        var prompt = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CompleteAsync(new PromptReference { Name = "brawl" }, "who", ""));
        var template = await Assert.ThrowsAsync<McpProtocolException>(async () => await line.Client.CompleteAsync(new ResourceTemplateReference { Uri = "game://x/{y}" }, "y", ""));
        var failed = await Assert.ThrowsAsync<McpProtocolException>(async () => await AskAsync(line, "hero", ""));

        Assert.Equal((McpErrorCode.InvalidParams, McpErrorCode.InvalidParams, McpErrorCode.InternalError), (prompt.ErrorCode, template.ErrorCode, failed.ErrorCode));
        Assert.Contains("There is no prompt 'brawl'.", prompt.Message, StringComparison.Ordinal);
        Assert.Contains("There is no template 'game://x/{y}'.", template.Message, StringComparison.Ordinal);
        Assert.Contains("No heroes today.", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Complete_OfWhatIsNotThere_IsRefused()
    {
        using var host = NewHost();
        host.Resources.Add("game://score", "score", "", "text/plain", static () => "0");

        Assert.Contains("no prompt brawl", Assert.Throws<ArgumentException>(() => host.Prompts.Complete("brawl", "who", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no argument who", Assert.Throws<ArgumentException>(() => host.Prompts.Complete("duel", "who", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no template game://score", Assert.Throws<ArgumentException>(() => host.Resources.Complete("game://score", "id", "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no variable name", Assert.Throws<ArgumentException>(() => host.Resources.Complete(Template, "name", "x")).Message, StringComparison.Ordinal);
    }

    private static McpHost NewHost(Loop? loop = null)
    {
        var host = new McpHost(new McpHostOptions { MainThread = loop?.Queue }).UsePrompts(new Arena());
        host.Resources.AddTemplate(Template, "player", "A player.", "text/plain", static request => new(ResourceBody.Text($"{request.Variables["id"]}'s {request.Variables["part"]}")));
        return host;
    }

    private static async Task<Completion> AskAsync(Line line, string argument, string value) =>
        (await line.Client.CompleteAsync(new PromptReference { Name = "duel" }, argument, value)).Completion;

    private sealed class Arena
    {
        public enum Weapon
        {
            Sword,
            Spear,
            Axe,
        }

        [McpPrompt("duel", "Sets up a duel.")]
        public static string Duel(string hero, Weapon weapon, bool toDeath = false, [McpToolParam(Choices = ["dawn", "noon", "dusk"])] string at = "dawn") => $"{hero} {weapon} {toDeath} {at}";
    }
}
