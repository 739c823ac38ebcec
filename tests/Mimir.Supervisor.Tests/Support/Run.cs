using System.Collections.Immutable;
using System.Text;
using Mimir.Router.Model;
using Mimir.Router.Upstreams;

namespace Mimir.Supervisor.Tests.Support;

/// <summary>Short ways to start real programs.</summary>
internal static class Run
{
    /// <summary>Longest wait for anything that should take moments, generous for a busy machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static StdioModel Model(string command, params string[] arguments) =>
        new(command, [.. arguments], ImmutableSortedDictionary<string, string>.Empty, null);

    internal static StdioModel Shell(string script, params string[] arguments) => Model("sh", ["-c", script, "sh", .. arguments]);

    internal static StdioModel With(this StdioModel model, string name, string value) =>
        model with { Environment = model.Environment.SetItem(name, value) };

    internal static ValueTask<IChildProcess> StartAsync(this ProcessHost host, StdioModel model) =>
        host.StartAsync("test", model, CancellationToken.None);

    /// <summary>Reads a line to its end on a thread of its own.</summary>
    internal static Task<byte[]> ReadAllAsync(this IByteLine line) => Task.Factory.StartNew(
        () =>
        {
            using var all = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (line.Read(buffer) is var count && count > 0)
                all.Write(buffer, 0, count);
            return all.ToArray();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Starts a program that ends by itself; what it wrote to stdout.</summary>
    internal static async Task<byte[]> OutputAsync(this ProcessHost host, StdioModel model)
    {
        await using var child = await host.StartAsync(model);
        return await child.Line.ReadAllAsync().WaitAsync(Patience);
    }

    internal static string Text(this byte[] bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>Writes everything, waiting where it must.</summary>
    internal static void WriteAll(this IByteLine line, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[line.TryWrite(bytes)..];
            if (!bytes.IsEmpty)
                line.WaitWritable(Patience);
        }
    }
}
