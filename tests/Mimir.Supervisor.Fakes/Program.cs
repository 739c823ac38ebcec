using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Supervisor;
using Mimir.Supervisor.Fakes;
using Mimir.Supervisor.Lines;

// A real process around a ProcessHost, to be killed or otherwise mistreated by a test.
return args switch
{
    ["host", var token] => await Host(token, "/bin/sh", ForkShape.All),
    ["host-marked", var token] => await Host(token, "/bin/sh", ForkShape.All.Where(shape => shape.KeepsMarks)),
    ["host", var token, var shell] => await Host(token, shell, ForkShape.All),
    ["leave", var token] => await Leave(token),
    ["echo"] => Echo(),
    ["exit-code"] => await ExitCode(),
    _ => 64,
};

// Runs the shapes and says so; then stays until it is killed. "guard ID" is said whenever a new guard stands.
static async Task<int> Host(string token, string shell, IEnumerable<ForkShape> shapes)
{
    var host = new ProcessHost(null, Console.Error.WriteLine, Guid.NewGuid().ToString("N"), shell);
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

// Our own stdin to our own stdout, then how it ended.
static int Echo()
{
    using var line = new StandardLine();
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
