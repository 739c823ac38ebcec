using System.Text.Json;
using Mimir.Embed.Hosting;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene.Toolsets;
using Mimir.Embed.Tests.Support;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Mimir.Embed.Tests.Scene;

/// <summary>A host with a scene and all toolsets, and a client of it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Line _line;

    private Stage(Line line, InMemoryScene scene) => (_line, Scene) = (line, scene);

    public InMemoryScene Scene { get; }

    public McpHost Host => _line.Host;

    public ModelContextProtocol.Client.McpClient Client => _line.Client;

    /// <summary>Opens one.</summary>
    /// <param name="scene">The scene; null for an empty one.</param>
    /// <param name="options">How the host is.</param>
    /// <param name="revision">The revision that the client speaks; null for its newest.</param>
    public static async Task<Stage> OpenAsync(InMemoryScene? scene = null, McpHostOptions? options = null, string? revision = null)
    {
        scene ??= new InMemoryScene("Yard");
        var host = new McpHost(options ?? new McpHostOptions()).UseScene(scene).UseDefaultToolSet();
        return new Stage(await Line.OpenAsync(host, revision), scene);
    }

    /// <summary>Arguments of names and values in turn.</summary>
    public static Dictionary<string, object?> Of(params object?[] pairs) =>
        Enumerable.Range(0, pairs.Length / 2).ToDictionary(i => (string)pairs[2 * i]!, i => pairs[(2 * i) + 1], StringComparer.Ordinal);

    /// <summary>Calls a tool.</summary>
    public async Task<CallToolResult> CallAsync(string tool, params object?[] pairs) => await Client.CallToolAsync(tool, Of(pairs)).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>Calls a tool that answers in text.</summary>
    public async Task<string> TextAsync(string tool, params object?[] pairs) => Assert.IsType<TextContentBlock>(Assert.Single((await CallAsync(tool, pairs)).Content)).Text;

    /// <summary>Calls a tool that answers in JSON: as text and structured, the same.</summary>
    public async Task<JsonElement> JsonAsync(string tool, params object?[] pairs)
    {
        var result = await CallAsync(tool, pairs);
        var structured = Assert.NotNull(result.StructuredContent);
        var text = JsonElement.Parse(Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.True(JsonElement.DeepEquals(text, structured));
        return structured;
    }

    /// <summary>Calls a tool that fails for what it was given, and tells why.</summary>
    public Task<string> RefusedAsync(string tool, params object?[] pairs) => FailedAsync(McpErrorCode.InvalidParams, tool, pairs);

    /// <summary>Calls a tool that fails, and tells why.</summary>
    public async Task<string> FailedAsync(McpErrorCode code, string tool, params object?[] pairs)
    {
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(tool, pairs));
        Assert.Equal(code, error.ErrorCode);
        return error.Message;
    }

    /// <summary>Does something on the host's main thread.</summary>
    public async Task OnMainAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(Host.MainThread.TryPost(() =>
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }));
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public ValueTask DisposeAsync() => _line.DisposeAsync();
}
