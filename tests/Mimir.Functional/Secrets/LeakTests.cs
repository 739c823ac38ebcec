using System.Diagnostics;
using System.Text;
using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>No command, list, log, error, file or command line ever shows a secret, in whichever dress.</summary>
public sealed class LeakTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] Names = ["ENV_TOKEN", "VAULT_TOKEN", "FILE_TOKEN", "HEADER_TOKEN", "BAD_TOKEN"];
    private readonly SecretHome _home = new();
    private readonly Dictionary<string, string> _values = Names.ToDictionary(n => n, n => $"Kanary{n[..2]}{Guid.NewGuid():N}");

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Outputs_OfAllCommandsAndOfARouter_ShowNoSecret()
    {
        foreach (var name in Names.Where(n => n is not ("ENV_TOKEN" or "FILE_TOKEN"))) await _home.SetAsync(name, _values[name]);
        await _home.SetAsync("BAD_TOKEN", _values["BAD_TOKEN"] + "\nX");
        var marker = new Marker();
        var config = new Config(marker).Variable("XDG_DATA_HOME", _home.Data).Variable("ENV_TOKEN", _values["ENV_TOKEN"])
            .File(".env", $"FILE_TOKEN={_values["FILE_TOKEN"]}\n")
            .Limits("\"listGrace\":\"1s\"")
            .Snitches("good", _home.At("good"), "\"credentialRefs\":[\"*_TOKEN\"]", "\"B\":\"Bearer ${secret:VAULT_TOKEN}\"")
            .Child("gone", "/nonexistent/program", [], "\"credentialRefs\":[\"VAULT_TOKEN\"]")
            .Child("ends", "/bin/sh", ["-c", "echo \"my keys are $ENV_TOKEN and $FILE_TOKEN\" >&2; exit 1"], "\"credentialRefs\":[\"ENV_TOKEN\", \"FILE_TOKEN\"]")
            .Http("refused", new Uri("http://127.0.0.1:9/mcp"), "\"headers\":{\"Authorization\":\"Bearer ${secret:HEADER_TOKEN}\"}");
        var shown = new StringBuilder();
        await using (var router = await Router.HttpAsync(config))
        {
            var client = await router.LegacyClientAsync();
            Assert.True((await client.CallAsync("good_echo")).Code is null);
            foreach (var server in (string[])["gone", "ends", "refused"]) shown.Append(await client.CallAsync($"{server}_echo"));
            foreach (var process in marker.Living()) shown.Append(await File.ReadAllTextAsync($"/proc/{process.Pid}/cmdline"));
            var folder = router.Folder;
            string[][] lines =
            [
                ["list"], ["list", "--json"], ["tools", "--json"], ["inspect", "good", "--json"], ["inspect", "ends"], ["inspect", "refused", "--json"],
                ["route", "explain", "good_echo", "--json"], ["call", "good_echo"], ["logs", "good"], ["logs", "ends"], ["logs", "gone"],
                ["secret", "list"], ["secret", "list", "--json"], ["secret", "set", "ENV_TOKEN", _values["HEADER_TOKEN"]], ["secret", "set", $"X={_values["HEADER_TOKEN"]}"],
                ["secret", "set", "--value", _values["HEADER_TOKEN"]], ["secret", "put", "X", _values["HEADER_TOKEN"]], ["secret", "list", _values["HEADER_TOKEN"]],
                ["secret", "remove", _values["HEADER_TOKEN"] + "!"], ["--help"], ["secret", "--help"],
            ];
            foreach (var line in lines) await SayAsync(shown, folder, line);

            // Errors about each of them: in headers, in a broken file, in one that is not JSON.
            await router.RewriteAsync("""{ "mcpServers": { "a": { "url": "http://h/", "headers": { "A": "${secret:BAD_TOKEN}", "Host": "${secret:HEADER_TOKEN}" }, "x": 1 }, "b": { "command": "${secret:VAULT_TOKEN}" } } }""");
            await SayAsync(shown, folder, ["list"]);
            await SayAsync(shown, folder, ["secret", "list"]);
            await router.RewriteAsync("{ \"mcpServers\": { \"a\": { \"env\": { \"A\": \"${secret:VAULT_TOKEN}\", }}");
            await SayAsync(shown, folder, ["list"]);
            shown.Append(router.Words);
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not (".env" or "lock")))
                shown.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        }

        foreach (var file in Directory.EnumerateFiles(_home.Data, "*", SearchOption.AllDirectories)) shown.Append(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
        var given = Snitch.Read(_home.At("good"));
        Assert.Equal($"Bearer {_values["VAULT_TOKEN"]}", given["B"]);
        Assert.Equal(_values["FILE_TOKEN"], given["FILE_TOKEN"]);
        Assert.Equal(_values["ENV_TOKEN"], given["ENV_TOKEN"]);

        var all = shown.ToString();
        Assert.True(all.Length > 5000, all);
        Assert.Contains("my keys are [secret] and [secret]", all, StringComparison.Ordinal);
        foreach (var value in _values.Values)
        {
            foreach (var dress in Dresses(value)) Assert.False(all.Contains(dress, StringComparison.OrdinalIgnoreCase), $"{dress} of {value} in\n{all}");
        }

        output.WriteLine($"{all.Length} characters of output, logs and files; {_values.Count} secrets in {Dresses("x123456789012").Length} dresses: not seen");
    }

    /// <summary>As it is, encoded, in part, backwards.</summary>
    private static string[] Dresses(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var base64 = Convert.ToBase64String(bytes);
        return
        [
            value, base64[..^4], Convert.ToBase64String([0, .. bytes])[4..^4], Convert.ToBase64String([0, 0, .. bytes])[4..^4], base64[..^4].Replace('+', '-').Replace('/', '_'),
            Convert.ToHexString(bytes), value[..12], value[^12..], new string([.. value.Reverse()]),
        ];
    }

    private async Task SayAsync(StringBuilder shown, string folder, string[] line)
    {
        var begun = Stopwatch.GetTimestamp();
        var (code, data, words) = await _home.RunAsync("", [], [.. line, "--config", Path.Combine(folder, "mimir.json")], ("ENV_TOKEN", _values["ENV_TOKEN"]));
        shown.AppendLine(string.Join(' ', line.Take(2))).Append(code).AppendLine(data).AppendLine(words);
        output.WriteLine($"{string.Join(' ', line.Take(2))}: {code}, {data.Length + words.Length} characters, {Stopwatch.GetElapsedTime(begun).TotalSeconds:f1} s");
    }
}
