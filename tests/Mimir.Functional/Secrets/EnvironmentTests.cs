using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Secrets;

/// <summary>Real children write down what they were given: the few variables that every one gets, what was declared, their own secrets, and nothing else.</summary>
public sealed class EnvironmentTests(ITestOutputHelper output) : IDisposable
{
    private const int Many = 20;

    // Written down here a second time: what is added to the list in the program is to be noticed.
    private static readonly string[] Inherited = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "TMPDIR", "TMP", "TEMP", "LANG", "LANGUAGE", "TZ"];

    private static readonly string[] Marks = ["MIMIR_INSTANCE", "MIMIR_CHILD"];

    private readonly SecretHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Children_TwentyWithTwentySecrets_GetTheAllowListWhatTheyDeclareAndTheirOwn()
    {
        var marker = new Marker();
        var config = new Config(marker);
        var dotenv = "";
        var own = new Dictionary<int, (string Name, string Value)>();
        var sets = new List<Task>();
        for (var i = 0; i < Many; i++)
        {
            var (name, value) = ($"T{i:00}_TOKEN", $"canary{i:00}{Guid.NewGuid():N}");
            own[i] = (name, value);

            // From each of the three places, by name and by pattern.
            if (i % 3 == 0) sets.Add(_home.SetAsync(name, value));
            else if (i % 3 == 1) config.Variable(name, value);
            else dotenv += $"{name}={value}\n";
            var refs = i % 2 == 0 ? name : $"T{i:00}_*";
            config.Snitches($"s{i}", _home.At($"s{i}"), $"\"credentialRefs\":[\"{refs}\"]", $"\"DECLARED_{i}\":\"d{i}\"");
        }

        // Nobody's: claimed by none, or by one that is switched off.
        foreach (var name in (string[])["NOBODYS_TOKEN", "TOKEN", "PASSWORD", "OFF_TOKEN"]) sets.Add(_home.SetAsync(name, $"canary{name}"));
        foreach (var name in (string[])["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "SECRET", "MIMIR_VAULT_PASS"]) config.Variable(name, $"canary{name}");
        config.Snitches("off", _home.At("off"), "\"enabled\":false,\"credentialRefs\":[\"OFF_*\"]");
        await Task.WhenAll(sets);
        config.File(".env", dotenv + "ENV_FILE_TOKEN=canaryfile\n").Variable("XDG_DATA_HOME", _home.Data);

        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        for (var i = 0; i < Many; i++) Assert.True((await client.CallAsync($"s{i}_echo")).Code is null);

        var (seen, denied) = (0, 0);
        for (var i = 0; i < Many; i++)
        {
            var given = Snitch.Read(_home.At($"s{i}"));
            string[] expected = [own[i].Name, $"DECLARED_{i}", Marker.Variable, Marker.Role, .. Marks];
            var rest = given.Keys.Except(expected, StringComparer.Ordinal).Where(n => !IsInherited(n)).ToArray();
            Assert.True(rest.Length == 0, $"s{i} got {string.Join(", ", rest)}");
            Assert.Empty(expected.Except(given.Keys, StringComparer.Ordinal));
            Assert.Equal(own[i].Value, given[own[i].Name]);
            seen++;
            foreach (var (_, value) in own.Values.Where(v => v.Name != own[i].Name))
            {
                Assert.DoesNotContain(given.Values, v => v.Contains(value, StringComparison.Ordinal));
                denied++;
            }

            Assert.Single(given.Values, v => v.Contains("canary", StringComparison.Ordinal));
        }

        Assert.False(File.Exists(_home.At("off")));
        output.WriteLine($"{seen} of {Many} children have their own secret, {denied} times one was not given somebody else's");
        Assert.Equal((Many, Many * (Many - 1)), (seen, denied));
    }

    [Fact(Timeout = 300_000)]
    public async Task Secret_SetAnewWhileARouterRuns_RestartsItsUsersAlone()
    {
        var marker = new Marker();
        await _home.SetAsync("A_KEY", "canary-first");
        await _home.SetAsync("B_KEY", "canary-other");
        var config = new Config(marker).Variable("XDG_DATA_HOME", _home.Data)
            .Snitches("claims", _home.At("claims"), "\"credentialRefs\":[\"A_*\"]")
            .Snitches("writes", _home.At("writes"), "", "\"K\":\"<${secret:A_KEY}>\"")
            .Snitches("other", _home.At("other"), "\"credentialRefs\":[\"B_KEY\"]")
            .Stdio("plain");
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        foreach (var name in (string[])["claims", "writes", "other", "plain"]) Assert.True((await client.CallAsync($"{name}_echo")).Code is null);
        var there = await marker.SettledAsync("other", "plain");
        Assert.Equal("<canary-first>", Snitch.Read(_home.At("writes"))["K"]);

        await _home.SetAsync("A_KEY", "canary-second");
        await UntilAsync(() => router.Words.Contains("changed claims, writes", StringComparison.Ordinal), router);
        foreach (var name in (string[])["claims", "writes", "other", "plain"]) Assert.True((await client.CallAsync($"{name}_echo")).Code is null);

        Assert.Equal("canary-second", Snitch.Read(_home.At("claims"))["A_KEY"]);
        Assert.Equal("<canary-second>", Snitch.Read(_home.At("writes"))["K"]);

        // A new one that a pattern matches reaches its server; nobody else notices.
        await _home.SetAsync("A_NEW", "canary-new");
        await UntilAsync(() => router.Words.TrimEnd().EndsWith("changed claims", StringComparison.Ordinal), router);
        Assert.True((await client.CallAsync("claims_echo")).Code is null);
        Assert.Equal("canary-new", Snitch.Read(_home.At("claims"))["A_NEW"]);

        // One that is needed goes: what was said before goes on.
        Assert.Equal(0, (await _home.RunAsync("", "secret", "remove", "A_KEY")).Code);
        await UntilAsync(() => router.Words.Contains("the secret A_KEY is not set. Run: mimir secret set A_KEY", StringComparison.Ordinal), router);
        Assert.True((await client.CallAsync("writes_echo")).Code is null);

        Assert.Equal(there, marker.Pids("other", "plain"));
        Assert.DoesNotContain("canary", router.Words, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Vault_DamagedWhileARouterRuns_IsToldAndWhatWasReadGoesOn()
    {
        await _home.SetAsync("A_KEY", "canary-first");
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Stdio("one", more: "\"credentialRefs\":[\"A_KEY\"]");
        await using var router = await Router.HttpAsync(config);
        var client = await router.LegacyClientAsync();
        Assert.True((await client.CallAsync("one_echo")).Code is null);
        var good = await File.ReadAllBytesAsync(_home.Vault);

        // The watching begins a moment after the start, and what is broken before has not been seen whole.
        await _home.SetAsync("A_KEY", "canary-second");
        await UntilAsync(() => router.Words.Contains("changed one", StringComparison.Ordinal), router);
        await File.WriteAllBytesAsync(_home.Vault, good[..100]);

        await UntilAsync(() => router.Words.Contains("is damaged, or no vault", StringComparison.Ordinal), router);
        Assert.True((await client.CallAsync("one_echo")).Code is null);
        Assert.DoesNotContain("canary", router.Words, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serve_NobodyRefersToASecret_LoadsNothingOfTheVault(bool refers)
    {
        await _home.SetAsync("A_KEY", "canary");
        var config = new Config(new Marker()).Variable("XDG_DATA_HOME", _home.Data).Stdio("one", more: refers ? "\"credentialRefs\":[\"A_KEY\"]" : "");
        await using var router = await Router.LegacyAsync(config);

        var loaded = await File.ReadAllTextAsync($"/proc/{router.Process.Id}/maps");

        Assert.Contains("Mimir.Configuration.dll", loaded, StringComparison.Ordinal);
        Assert.Equal(refers, loaded.Contains("Mimir.Identity.dll", StringComparison.Ordinal));
        Assert.Equal(refers, loaded.Contains("libcrypto", StringComparison.Ordinal));
    }

    private static bool IsInherited(string name) =>
        Inherited.Contains(name, StringComparer.Ordinal) || name.StartsWith("LC_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<bool> condition, Router router)
    {
        for (var end = DateTime.UtcNow + TimeSpan.FromSeconds(30); !condition() && DateTime.UtcNow < end;) await Task.Delay(20);
        Assert.True(condition(), router.Words);
    }
}
