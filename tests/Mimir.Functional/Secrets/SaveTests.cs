using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>The real program, stopped and failed at every system call with which it touches the vault: the file is the old or the new one, and what was reported as saved is there.</summary>
public sealed partial class SaveTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_errors = Environment.GetEnvironmentVariable("MIMIR_SAVES") is null ? ["ENOSPC"] : ["ENOSPC", "EIO"];
    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory(Timeout = 600_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Set_EverySystemCallFailedOrKilledAt_LeavesTheOldOrTheNewAndTellsTheTruth(bool first)
    {
        await Tracing.RequireAsync();
        var log = _home.At("log");
        await BeginAsync(first);
        var (code, _, words) = await _home.RunAsync("new\n", ["strace", "-f", "-o", log, .. Paths()], ["secret", "set", "A_KEY"]);
        Assert.True(code == 0, words);
        var calls = Call().Matches(await File.ReadAllTextAsync(log)).Select(m => m.Groups[1].Value).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count());
        Assert.True(calls.GetValueOrDefault("fsync") >= 2, await File.ReadAllTextAsync(log));
        var (failed, killed, refused) = (0, 0, 0);
        foreach (var (name, count) in calls)
        {
            for (var at = 1; at <= count; at++)
            {
                foreach (var how in (string[])[.. s_errors.Select(e => $"error={e}"), "signal=KILL"])
                {
                    await BeginAsync(first);
                    (code, _, words) = await _home.RunAsync("new\n", ["strace", "-f", "-o", log, .. Paths(), "-e", $"inject={name}:{how}:when={at}"], ["secret", "set", "A_KEY"]);
                    var what = $"{name} {at} {how}: exit code {code}, {words}";
                    var there = await ThereAsync();
                    Assert.True(there is not null, "unreadable: " + what);
                    Assert.True(first || there.Contains("\"OLD_KEY\"", StringComparison.Ordinal), "the old is lost: " + what);
                    Assert.True(code != 0 || there.Contains("\"A_KEY\"", StringComparison.Ordinal), "reported, and not there: " + what);
                    failed += how[0] == 'e' ? 1 : 0;
                    killed += how[0] == 's' ? 1 : 0;
                    refused += code == 0 ? 0 : 1;
                }
            }
        }

        output.WriteLine($"{calls.Values.Sum()} calls ({string.Join(", ", calls.Select(c => $"{c.Value} {c.Key}"))}): {failed} failures, {killed} kills; {refused} were reported as not saved");
        Assert.True(refused >= killed, $"{refused} of {killed}");
    }

    [Fact(Timeout = 300_000)]
    public async Task Set_DiskFull_KeepsTheOldAndSaysSo()
    {
        await _home.SetAsync("OLD_KEY", "old");
        var before = await File.ReadAllBytesAsync(_home.Vault);

        // No file may grow beyond 1 KiB; the signal that comes with it is ignored, as on a full disk there is none.
        var (code, _, words) = await _home.RunAsync("new\n", ["/bin/bash", "-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "-"], ["secret", "set", "A_KEY"], ("DOTNET_EnableWriteXorExecute", "0"));

        Assert.True(code != 0, words);
        Assert.Contains("could not be saved", words, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_home.Vault));
        await _home.SetAsync("A_KEY", "new");
        Assert.True(await IsThereAsync("A_KEY"));
    }

    [Fact(Timeout = 600_000)]
    public async Task Set_KilledAtAnyMoment_WhatWasReportedIsThere()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("MIMIR_SAVES"), CultureInfo.InvariantCulture, out var n) ? n : 40;
        var mimir = await Repository.MimirAsync();
        await _home.SetAsync("OLD_KEY", "old");
        var timed = Stopwatch.StartNew();
        await _home.SetAsync("KEY_0", "new");
        var whole = timed.Elapsed;
        var random = new Random(7);
        var (reported, killed, there) = (0, 0, 0);
        for (var round = 1; round <= rounds; round++)
        {
            // Most of its time goes into starting, so the moments are chosen where it writes.
            using var process = _home.Start(mimir, [], ["secret", "set", $"KEY_{round}"]);
            await SecretHome.GiveAsync(process, "new\n");
            using var moment = new CancellationTokenSource(whole * (0.4 + (random.NextDouble() * 0.7)));
            try
            {
                await process.WaitForExitAsync(moment.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
                killed++;
            }

            var isThere = await IsThereAsync($"KEY_{round}");
            Assert.True(isThere is not null, $"round {round}: unreadable");
            Assert.True(process.ExitCode != 0 || isThere == true, $"round {round}: reported, and not there");
            reported += process.ExitCode == 0 ? 1 : 0;
            there += isThere == true ? 1 : 0;
        }

        Assert.True(await IsThereAsync("OLD_KEY"));
        output.WriteLine($"{rounds} saves, {killed} killed, {reported} reported, {there} there");
    }

    [GeneratedRegex(@"^\d+ +(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Call();

    private string[] Paths() => [.. new[] { _home.Vaults, _home.Vault, Path.Combine(_home.Vaults, ".secrets.lock"), _home.Key, Path.Combine(_home.Vaults, ".secrets.vault.new"), Path.Combine(_home.Vaults, ".secrets.key.new"), _home.Data }
        .SelectMany(p => new[] { "-P", p })];

    /// <summary>A folder as it was before the save: without anything, or with one secret.</summary>
    private async Task BeginAsync(bool first)
    {
        var kept = _home.At("kept");
        if (Directory.Exists(_home.Data)) Directory.Delete(_home.Data, recursive: true);
        if (first) return;
        if (!Directory.Exists(kept))
        {
            await _home.SetAsync("OLD_KEY", "old");
            Directory.Move(_home.Data, kept);
        }

        Directory.CreateDirectory(_home.Vaults);
        foreach (var file in Directory.GetFiles(Path.Combine(kept, "mimir"))) File.Copy(file, Path.Combine(_home.Vaults, Path.GetFileName(file)));
    }

    /// <summary>What the vault holds; null when it cannot be read.</summary>
    private async Task<string?> ThereAsync()
    {
        var (code, data, _) = await _home.RunAsync("", "secret", "list", "--json");
        return code == 0 ? data : null;
    }

    /// <summary>Whether the vault holds a name; null when it cannot be read.</summary>
    private async Task<bool?> IsThereAsync(string name) => (await ThereAsync())?.Contains($"\"{name}\"", StringComparison.Ordinal);
}
