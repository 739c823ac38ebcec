using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>Where the programs lie and how each is started. Ends all it started when disposed.</summary>
internal sealed class Workshop : IDisposable
{
    private static readonly TimeSpan s_greeting = TimeSpan.FromSeconds(20);

    private readonly List<Launched> _running = [];
    private readonly string _scratch;
    private readonly string _dotnetRoot;
    private int _folders;

    /// <summary>Creates one.</summary>
    /// <param name="artifacts">The folder that holds the published programs, and what the runs leave.</param>
    /// <param name="era">How client and upstream speak.</param>
    public Workshop(string artifacts, ClientEra era)
    {
        Artifacts = artifacts;
        Era = UpstreamEra = era;
        _scratch = Path.Combine(artifacts, "run");
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }

        _dotnetRoot = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
    }

    public string Artifacts { get; }

    /// <summary>How clients speak that are greeted from now on.</summary>
    public ClientEra Era { get; set; }

    /// <summary>How echo servers speak that are started from now on.</summary>
    public ClientEra UpstreamEra { get; set; }

    public string Echo => Path.Combine(Artifacts, "echo", "mimir-echo");

    public string Floor => Path.Combine(Artifacts, "floor", "mimir-floor");

    public string Router => Path.Combine(Artifacts, "mimir", "mimir");

    /// <summary>The arguments of an echo server that speaks the era under measurement.</summary>
    public string[] EchoArguments(int tools = 1) => ["stdio", "--tools", $"{tools}", "--era", UpstreamEra == ClientEra.Modern ? "modern" : "legacy"];

    /// <summary>Starts a program in an empty folder of its own: a working directory full of files costs .NET hosts time.</summary>
    public Launched Start(string name, string command, IEnumerable<string> arguments, bool speaksOnStdout, params (string, string)[] environment)
    {
        var launched = Launched.Start(name, command, arguments, NewFolder(), [("DOTNET_ROOT", _dotnetRoot), .. environment], speaksOnStdout);
        lock (_running)
        {
            _running.Add(launched);
        }

        return launched;
    }

    /// <summary>Ends one process.</summary>
    public void Stop(Launched launched)
    {
        lock (_running)
        {
            _running.Remove(launched);
        }

        launched.Dispose();
    }

    /// <summary>Greets a process over HTTP as soon as it listens.</summary>
    /// <param name="launched">The process.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="isUpstream">True for an echo server, which speaks as echo servers do now.</param>
    /// <exception cref="BenchException">It does not answer; the text says what it said last.</exception>
    public IPeer Greet(Launched launched, int port, bool isUpstream = false) =>
        Explained(launched, () => HttpPeer.Open(port, "/mcp", isUpstream ? UpstreamEra : Era, s_greeting, () => launched.IsAlive));

    /// <summary>Greets a process over its pipes.</summary>
    /// <exception cref="BenchException">It does not answer; the text says what it said last.</exception>
    public IPeer Greet(Launched launched) => Explained(launched, () => StdioPeer.Open(launched.Process, Era, s_greeting));

    /// <summary>Writes a configuration with so many echo servers behind pipes, or one behind a URL.</summary>
    /// <returns>The file.</returns>
    public string Configure(int servers, int tools, Uri? url = null)
    {
        var one = url is not null
            ? (object)new { type = "http", url = url.ToString() }
            : new { command = Echo, args = EchoArguments(tools), env = new Dictionary<string, string> { ["DOTNET_ROOT"] = _dotnetRoot } };
        var file = Path.Combine(NewFolder(), "mimir.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new { mcpServers = Enumerable.Range(0, servers).ToDictionary(i => $"s{i}", _ => one) }));
        return file;
    }

    /// <summary>An empty folder.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_scratch, $"{Interlocked.Increment(ref _folders)}")).FullName;

    /// <summary>A port of the loopback address that nobody listens on.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Ends everything at once, from any thread.</summary>
    public void KillAll()
    {
        lock (_running)
        {
            _running.ForEach(static p => p.Kill());
        }
    }

    /// <summary>Ends everything, the last started first, so that nobody loses his upstream before he is asked to go.</summary>
    public void StopAll()
    {
        List<Launched> left;
        lock (_running)
        {
            left = [.. _running];
            _running.Clear();
        }

        left.Reverse();
        left.ForEach(static p => p.Dispose());
    }

    public void Dispose() => StopAll();

    private static IPeer Explained(Launched launched, Func<IPeer> greet)
    {
        try
        {
            return greet();
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidDataException or JsonException)
        {
            throw new BenchException($"{launched.Name}: {e.Message} {(launched.IsAlive ? "" : "It has ended. ")}{launched.Tail()}".TrimEnd(), e);
        }
    }
}
