using Mimir.Functional.Clients;
using Mimir.Functional.Harness;
using Mimir.Functional.Isolation;

namespace Mimir.Functional.Audit;

/// <summary><c>kill -9</c> of the router at random moments under load: what of its calls is in the log afterwards.</summary>
public sealed class AuditKillTests
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("MIMIR_AUDIT_KILLS"), out var rounds) ? rounds : 8;
    private readonly Random _random = new(IsolationSettings.Seed);

    [Theory(Timeout = 900_000)]
    [InlineData("durable")]
    [InlineData("relaxed")]
    public async Task Kill_UnderLoad_LosesNoMoreThanIsDeclared(string mode)
    {
        using var folder = new TempFolder();
        var path = folder.File("audit.log");
        var answered = new HashSet<string>();
        var window = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var config = new Config(new Marker()).Stdio("files").Top($"\"audit\":{{\"mode\":\"{mode}\",\"path\":\"{path}\",\"maxBytes\":\"16MiB\",\"keep\":100}}");
            var router = await Router.LegacyAsync(config);
            await router.Stdio.CallAsync("files_echo");
            var late = Environment.TickCount64 + _random.Next(50, 600);
            var marks = new List<(string Args, long At)>();
            var callers = Enumerable.Range(0, 8).Select(async caller =>
            {
                for (var i = 0; ; i++)
                {
                    var arguments = $"{{\"text\":\"{round}-{caller}-{i}\"}}";
                    try
                    {
                        if ((await router.Stdio.CallAsync("files_echo", arguments)).Text is not { } text || !text.Contains("\"result\"", StringComparison.Ordinal)) return;
                    }
                    catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException or OperationCanceledException)
                    {
                        return;
                    }

                    lock (marks) marks.Add((Digest(arguments), Environment.TickCount64));
                }
            }).ToArray();
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, late - Environment.TickCount64)), TestContext.Current.CancellationToken);
            var killed = Environment.TickCount64;
            router.Process.Kill();
            await Task.WhenAll(callers);
            await router.DisposeAsync();
            foreach (var (args, at) in marks)
            {
                if (mode == "durable" || at < killed - 250) answered.Add(args);
                else window++;
            }
        }

        // Whoever writes next says what was torn.
        await using (var router = await Router.LegacyAsync(new Config(new Marker()).Stdio("files").Top($"\"audit\":{{\"path\":\"{path}\"}}"))) await router.Stdio.CallAsync("files_echo");
        var verdict = await Journal.VerifyAsync(path);
        var kept = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "audit.log*").Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
            .SelectMany(Journal.Read).Select(r => r.At("args").Str()).ToHashSet();

        TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: {answered.Count} acknowledged, {window} in the window, {verdict.At("records")} records, {verdict.At("torn")} torn");
        Assert.True(answered.Count > Rounds, $"{answered.Count} calls were answered");
        Assert.Equal(1, verdict.At("first").GetInt64());
        Assert.DoesNotContain(answered, a => !kept.Contains(a));
    }

    private static string Digest(string arguments) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(arguments)))[..32];
}
