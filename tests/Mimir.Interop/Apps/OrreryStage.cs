using System.Text.Json;
using Mimir.Peers;

namespace Mimir.Interop.Apps;

/// <summary>The sample <c>samples/orrery</c> in a window, a router and clients, of a user who has nothing else.</summary>
internal sealed class OrreryStage : IAsyncDisposable
{
    private const string Inspector = "npx -y @modelcontextprotocol/inspector@2.12.0";
    private const string Origin = "http://127.0.0.1:3000";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("mimir-orrery-");
    private PeerProcess? _router;
    private string _origin = Origin;

    private OrreryStage(XScreen screen)
    {
        Screen = screen;
        Variables = new Dictionary<string, string>
        {
            ["HOME"] = _home.FullName,
            ["XDG_CONFIG_HOME"] = Path.Combine(_home.FullName, "config"),
            ["XDG_STATE_HOME"] = Path.Combine(_home.FullName, "state"),
            ["XDG_DATA_HOME"] = Path.Combine(_home.FullName, "data"),
            ["XDG_RUNTIME_DIR"] = _home.FullName,
            ["DISPLAY"] = screen.Display,
            ["SDL_VIDEODRIVER"] = "x11",
            ["SDL_RENDER_DRIVER"] = "software",
        };
        App = PeerProcess.Start(Program, [], Variables);
    }

    /// <summary>The program, which lies beside the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Orrery");

    public XScreen Screen { get; }

    public PeerProcess App { get; }

    /// <summary>The environment of the user.</summary>
    public Dictionary<string, string> Variables { get; }

    /// <summary>The files by which apps announce themselves.</summary>
    public IReadOnlyList<string> Announced => Directory.GetFiles(Path.Combine(Variables["XDG_STATE_HOME"], "mimir", "hosts"));

    /// <summary>Opens the window, as large as the screen, and waits until agents reach the app.</summary>
    public static async Task<OrreryStage> OpenAsync()
    {
        var stage = new OrreryStage(await XScreen.StartAsync(960, 640));
        try
        {
            await stage.App.LineAsync("Agents reach this sky at ", Limit);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the README to its end.</summary>
    /// <returns>What it wrote to stdout.</returns>
    public async Task<string> RunAsync(string command)
    {
        await using var process = Bash(command);
        var exitCode = await process.EndAsync(Limit);
        Assert.True(exitCode == 0, $"{command} ended with {exitCode}:\n{process.Output}\nThe app:\n{App.Output}\nThe router:\n{_router?.Output}");
        return process.Stdout;
    }

    /// <summary>Runs the command that serves, and waits until the app's tools are there.</summary>
    public async Task ServeAsync(string command, string server)
    {
        _router = Bash($"exec {command}");
        _origin = "http://" + (await _router.LineAsync("Mimir is at http://", Limit)).Replace("/mcp", "", StringComparison.Ordinal);
        await _router.LineAsync($"+ {server}: ", Limit);
    }

    /// <summary>Calls a tool with the Inspector, as the README does.</summary>
    /// <param name="call">The command: <c>call TOOL --tool-arg NAME=VALUE ...</c>.</param>
    /// <returns>The result.</returns>
    public async Task<JsonElement> CallAsync(string call)
    {
        using var printed = JsonDocument.Parse(await RunAsync($"{OrreryReadme.CallFunction}\n{call}"));
        return printed.RootElement.Clone();
    }

    /// <summary>The names of all tools, by the Inspector.</summary>
    public async Task<IReadOnlyList<string>> ToolsAsync()
    {
        var list = OrreryReadme.CallFunction.Replace("tools/call --tool-name \"$@\"", "tools/list", StringComparison.Ordinal);
        using var printed = JsonDocument.Parse(await RunAsync($"{list}\ncall"));
        return [.. printed.RootElement.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];
    }

    /// <summary>Calls a tool that refuses.</summary>
    /// <returns>What the Inspector wrote.</returns>
    public async Task<string> RefusedAsync(string call)
    {
        await using var process = Bash($"{OrreryReadme.CallFunction}\n{call}");
        Assert.NotEqual(0, await process.EndAsync(Limit));
        return process.Output;
    }

    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        await App.DisposeAsync();
        await Screen.DisposeAsync();
        try
        {
            _home.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that is ending may still write; the folder lies in the system's temporary folder.
        }
    }

    /// <summary>A shell in the folder of the repository. The Inspector is the one that the tests have installed, the router is where it said.</summary>
    private PeerProcess Bash(string command)
    {
        var line = command.Replace(Inspector, Workshop.Installed("mcp-inspector"), StringComparison.Ordinal)
            .Replace(Origin, _origin, StringComparison.Ordinal)
            .Replace("./mimir ", Workshop.Mimir + " ", StringComparison.Ordinal);
        return PeerProcess.Start("bash", ["-c", $"cd '{Workshop.Root}'\n{line}"], Variables);
    }
}
