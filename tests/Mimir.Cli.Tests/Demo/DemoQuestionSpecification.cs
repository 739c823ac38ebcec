using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Mimir.Cli.Tests.Demo;

/// <summary>What the revisions that can ask the user add to <see cref="DemoServerSpecification"/>.</summary>
public abstract class DemoQuestionSpecification : DemoServerSpecification
{
    [Fact(Timeout = 30_000)]
    public async Task Ask_Accepted_ReturnsTheAnswer()
    {
        ElicitRequestParams? asked = null;
        await using var demo = await OpenAsync((question, _) =>
        {
            asked = question;
            return new(new ElicitResult { Action = "accept", Content = new Dictionary<string, JsonElement> { ["answer"] = JsonSerializer.SerializeToElement("blue") } });
        });

        var result = await demo.Client.CallToolAsync("ask", Arguments(("question", "Which colour?")), cancellationToken: Token);

        Assert.Equal("Which colour?", asked!.Message);
        Assert.Equal(["answer"], asked.RequestedSchema!.Required);
        Assert.Equal("The user answered: blue", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("decline", "declined")]
    [InlineData("cancel", "dismissed")]
    public async Task Ask_NotAccepted_SaysSo(string action, string expected)
    {
        await using var demo = await OpenAsync((_, _) => new(new ElicitResult { Action = action }));

        var result = await demo.Client.CallToolAsync("ask", Arguments(("question", "Well?")), cancellationToken: Token);

        Assert.Contains(expected, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text, StringComparison.Ordinal);
    }
}
