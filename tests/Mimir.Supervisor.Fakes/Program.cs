using System.Collections.Immutable;
using System.Diagnostics;
using Mimir.Router.Model;
using Mimir.Supervisor;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Registry;

// A real process around a ProcessHost, to be killed or otherwise mistreated by a test.
return args switch
{
    ["host", var token] => await Host(token, "/bin/sh", ForkShape.All),
    ["host-marked", var token] => await Host(token, "/bin/sh", ForkShape.All.Where(shape => shape.KeepsMarks)),
    ["host-told", var token, var shell] => await Host(token, shell, ForkShape.All.Where(shape => shape.IsTold)),
    ["host", var token, var shell] => await Host(token, shell, ForkShape.All),
    ["stand", var token, var shell] => await Stand(token, shell),
    ["limited", var count] => await Limited(int.Parse(count)),
    ["leave", var token] => await Leave(token),
    ["echo"] => Echo(),
    ["exit-code"] => await ExitCode(),
    ["cat", ..] => await Cat(args[1..]),
    ["end", var code] => End(int.Parse(code)),
    ["deaf"] => await Deaf(),
    ["deaf-parent"] => await DeafParent(),
    ["orphaning-parent"] => OrphaningParent(),
    ["deaf-host"] => await DeafHost(),
    _ => 64,
};

// Runs the shapes and says so; then stays until it is killed. "guard ID" is said whenever a new guard stands.
static async Task<int> Host(string token, string shell, IEnumerable<ForkShape> shapes)
{
    var host = new ProcessHost(null, Console.Error.WriteLine, StateFolder.ForUser(Environment.GetEnvironmentVariable), Guid.NewGuid().ToString("N"), shell);
    foreach (var shape in shapes)
        await host.StartAsync(shape.Name, shape.Model(token), CancellationToken.None);
    Console.WriteLine("up");
    var guard = 0;
    while (true)
    {
        if (host.GuardProcessId is var now && now != guard && now != 0)
            Console.WriteLine($"guard {guard = now}");
        await Task.Delay(10);
    }
}

// Starts one server that ends at the end of its stdin, and leaves without a word.
static async Task<int> Leave(string token)
{
    var host = new ProcessHost();
    await host.StartAsync("polite", new ForkShape("polite", "exec cat >/dev/null", 1).Model(token), CancellationToken.None);
    Console.WriteLine($"guard {host.GuardProcessId}");
    return 0;
}

// Is killed in the very moment in which a child is made and waits to be let go.
static async Task<int> Stand(string token, string shell)
{
    var state = StateFolder.ForUser(Environment.GetEnvironmentVariable);
    var host = new ProcessHost(null, Console.Error.WriteLine, state, Guid.NewGuid().ToString("N"), shell)
    {
        Made = static _ => Process.GetCurrentProcess().Kill(),
    };
    await host.StartAsync("deaf", new ForkShape("deaf", "trap '' TERM; while :; do sleep 1000; done", 2).Model(token), CancellationToken.None);
    return 0;
}

// Runs a server that tries to have ten processes more than itself; says what came of it.
static async Task<int> Limited(int processes)
{
    await using var host = new ProcessHost(null, Console.WriteLine);
    var model = new StdioModel(
        "sh", ["-c", "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 100 & done; echo all"], ImmutableSortedDictionary<string, string>.Empty, null)
    {
        Limits = new ProcessLimits(Processes: processes),
    };
    var child = await host.StartAsync("limited", model, CancellationToken.None);
    Console.WriteLine(await child.Exited);
    foreach (var line in child.StandardErrorTail)
        Console.WriteLine(line);
    return 0;
}

// Our own stdin to our own stdout, then how it ended.
static int Echo()
{
    using var line = StandardLine.Open();
    var buffer = new byte[64 * 1024];
    while (line.Read(buffer) is var count && count > 0)
    {
        var rest = buffer.AsSpan(0, count);
        while (!rest.IsEmpty)
        {
            var written = line.TryWrite(rest);
            rest = rest[written..];
            if (!rest.IsEmpty)
                line.WaitWritable(TimeSpan.FromSeconds(10));
        }
    }

    line.CloseWrite();
    return 0;
}

static async Task<int> ExitCode()
{
    await using var host = new ProcessHost();
    var child = await host.StartAsync(
        "seven", new StdioModel("sh", ["-c", "exit 7"], ImmutableSortedDictionary<string, string>.Empty, null), CancellationToken.None);
    Console.WriteLine(await child.Exited);
    return 0;
}

// What every server does, on any system: says who it is on stderr, its arguments and environment among it, then stdin to stdout.
static async Task<int> Cat(string[] arguments)
{
    // In UTF-8 whatever the console's encoding.
    await using var error = new StreamWriter(Console.OpenStandardError());
    foreach (var argument in arguments)
        error.WriteLine($"argument {argument}");
    foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        error.WriteLine($"variable {entry.Key}={entry.Value}");
    error.Flush();
    await using var output = Console.OpenStandardOutput();
    await Console.OpenStandardInput().CopyToAsync(output);
    return 0;
}

static int End(int code)
{
    Console.Error.WriteLine("last words");
    return code;
}

static async Task<int> Deaf()
{
    Console.WriteLine(Environment.ProcessId);
    await Task.Delay(Timeout.Infinite);
    return 0;
}

// One that overhears the end of its stdin, and starts another who does, with the same streams. Both say their numbers.
static async Task<int> DeafParent()
{
    Process.Start(Environment.ProcessPath!, "deaf");
    return await Deaf();
}

static int OrphaningParent()
{
    Process.Start(Environment.ProcessPath!, "deaf");
    return 3;
}

// Hosts them and hands on what they say, until it is killed.
static async Task<int> DeafHost()
{
    var host = new ProcessHost();
    var child = await host.StartAsync(
        "deaf", new StdioModel(Environment.ProcessPath!, ["deaf-parent"], ImmutableSortedDictionary<string, string>.Empty, null), CancellationToken.None);
    var buffer = new byte[1024];
    await using var output = Console.OpenStandardOutput();
    while (child.Line.Read(buffer) is var count && count > 0)
        output.Write(buffer, 0, count);
    return 0;
}
