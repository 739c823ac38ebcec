using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Plugins;

/// <summary>What <c>mimir new plugin</c> writes, with the real program and a real Python.</summary>
public sealed class NewPluginTests : IDisposable
{
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task NewPlugin_WithAServerOfItsOwn_IsWellAndAnswers()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("mimir.json"), "{}");
        string[] config = ["--config", folder.File(".")];

        var (code, data, words) = await _home.RunAsync("", [], ["new", "plugin", "first", .. config]);
        Assert.True(code == 0, words);
        Assert.EndsWith("plugin.toml", data.Trim(), StringComparison.Ordinal);

        (code, data, words) = await _home.RunAsync("", [], ["doctor", "--no-listeners", .. config]);
        Assert.True(code == 0, data + words);
        Assert.Contains("- first v0.1.0: ok", data, StringComparison.Ordinal);
        Assert.Contains("Nothing is missing.", data, StringComparison.Ordinal);

        (code, data, words) = await _home.RunAsync("", [], ["call", "first_hello", "--args", """{"name":"Ymir"}""", .. config]);
        Assert.True(code == 0, words);
        Assert.Contains("Hello, Ymir!", data, StringComparison.Ordinal);

        (code, _, words) = await _home.RunAsync("", [], ["call", "first_hello", "--args", """{"name":7}""", .. config]);
        Assert.Equal(1, code);

        (code, _, words) = await _home.RunAsync("", [], ["new", "plugin", "first", .. config]);
        Assert.Equal(2, code);
        Assert.Contains("already", words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task NewPlugin_WhileARouterRuns_IsThereAtOnce()
    {
        await using var router = await Router.HttpAsync(new Config(new Marker()).File("plugins/.keep", ""));
        var client = await router.LegacyClientAsync();
        var (code, _, words) = await _home.RunAsync("", "new", "plugin", "late", "--config", router.Folder);
        Assert.True(code == 0, words);
        await router.UntilAsync(async () => (await client.ToolNamesAsync()).Contains("late_hello"));
        Assert.Equal("Hello, world!", (await client.CallAsync("late_hello")).ToolText);
    }
}
