using System.Text;
using Mimir.Identity.Tests.Support;
using Mimir.Identity.Vaults;
using Mimir.Router.Files;

namespace Mimir.Identity.Tests.Vaults;

public sealed class VaultTests : IDisposable
{
    private const string Secret = "s3cr3t-V4lue";
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Set_Values_AreReadAgainAsTheyWere()
    {
        string[] values = ["a", "\n", " x\r\n", "ü€🦊", new string('x', VaultLimits.MostValueBytes), "-----BEGIN KEY-----\nMII=\n-----END KEY-----\n"];
        for (var i = 0; i < values.Length; i++) await _place.Open().SetAsync($"KEY_{i}", values[i], default);

        Assert.Equal(values, _place.Open().Read().Select(e => e.Value.Value));
    }

    [Fact]
    public async Task Set_Again_ReplacesValueAndTime()
    {
        await _place.Open().SetAsync("A_KEY", "1", default);
        var first = _place.Open().Read()["A_KEY"].SetAt;
        while (DateTimeOffset.UtcNow - first < TimeSpan.FromMilliseconds(2)) await Task.Yield();
        await _place.Open().SetAsync("A_KEY", "2", default);

        var entry = Assert.Single(_place.Open().Read());
        Assert.Equal("2", entry.Value.Value);
        Assert.True(entry.Value.SetAt > first);
    }

    [Fact]
    public async Task Remove_Names_TakesThemAwayAndSaysWhetherTheyWere()
    {
        Assert.False(await _place.Open().RemoveAsync("A_KEY", default));
        Assert.False(Directory.Exists(_place.Folder));
        await _place.Open().SetAsync("A_KEY", "1", default);

        Assert.False(await _place.Open().RemoveAsync("B_KEY", default));
        Assert.True(await _place.Open().RemoveAsync("A_KEY", default));
        Assert.Empty(_place.Read());
    }

    [Fact]
    public async Task Files_OfAVault_AreTheirOwnersAloneWhateverWasThere()
    {
        if (OperatingSystem.IsWindows()) return;
        await _place.Open().SetAsync("A_KEY", "1", default);
        File.SetUnixFileMode(_place.File, (UnixFileMode)0b110_110_110);
        await _place.Open().SetAsync("A_KEY", "2", default);

        Assert.Equal(DurableFile.Private, File.GetUnixFileMode(_place.File));
        Assert.Equal(DurableFile.Private, File.GetUnixFileMode(_place.Key));
        Assert.Equal(DurableFile.Private, File.GetUnixFileMode(Path.Combine(Path.GetDirectoryName(_place.File)!, ".secrets.lock")));
        Assert.Equal(DurableFile.PrivateFolder, File.GetUnixFileMode(_place.Folder));
    }

    [Fact]
    public async Task File_OnTheDisk_HoldsNoNameNoValueAndNotTheSameTwice()
    {
        await _place.Open().SetAsync("SOME_NAME", Secret, default);
        var first = File.ReadAllBytes(_place.File);
        await _place.Open().SetAsync("SOME_NAME", Secret, default);
        var second = File.ReadAllBytes(_place.File);

        foreach (var file in (byte[][])[first, second])
        {
            var text = Encoding.Latin1.GetString(file);
            Assert.DoesNotContain("SOME", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret[..6], text, StringComparison.Ordinal);
        }

        // The header up to the nonce is the same; after it, two independent streams agree in one byte of 256.
        Assert.Equal(first[..20], second[..20]);
        Assert.NotEqual(first[20..32], second[20..32]);
        Assert.InRange(first[32..].Zip(second[32..]).Count(p => p.First == p.Second), 0, 64);
    }

    [Fact]
    public async Task File_Length_TellsNothingOfAShortValue()
    {
        await _place.Open().SetAsync("A_KEY", "1", default);
        var length = new FileInfo(_place.File).Length;
        await _place.Open().SetAsync("A_KEY", new string('x', 3000), default);

        Assert.Equal(length, new FileInfo(_place.File).Length);
    }

    [Fact]
    public async Task Read_AnyByteFlippedOrCutOff_IsRefusedAndNothingIsOverwritten()
    {
        await _place.Open().SetAsync("A_KEY", Secret, default);
        var good = File.ReadAllBytes(_place.File);
        var bad = Enumerable.Range(0, 64).Concat(Enumerable.Range(good.Length - 64, 64)).Concat([100, 1000, 4000])
            .Select(at => good.Select((b, i) => i == at ? (byte)(b ^ 1) : b).ToArray())
            .Concat(((int[])[0, 1, 31, 32, 47, 48, 100, good.Length - 1]).Select(length => good[..length]))
            .Append([.. good, 0]);
        foreach (var bytes in bad)
        {
            File.WriteAllBytes(_place.File, bytes);

            var read = Assert.Throws<VaultException>(() => _place.Open().Read());
            var set = await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("B_KEY", "b", default));
            var removed = await Assert.ThrowsAsync<VaultException>(() => _place.Open().RemoveAsync("A_KEY", default));

            Assert.All([read, set, removed], e => Assert.Equal(VaultTrouble.Unreadable, e.Kind));
            Assert.Equal(bytes, File.ReadAllBytes(_place.File));
        }
    }

    [Fact]
    public async Task Read_OtherKey_SaysSoAndOverwritesNothing()
    {
        await _place.Open().SetAsync("A_KEY", Secret, default);
        var good = File.ReadAllBytes(_place.File);
        using (var other = VaultKey.Draw()) File.WriteAllBytes(_place.Key, other.ToLine());

        Assert.Contains("another key", Assert.Throws<VaultException>(() => _place.Open().Read()).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("A_KEY", "b", default));
        Assert.Equal(good, File.ReadAllBytes(_place.File));
    }

    [Fact]
    public async Task Read_KeyGone_SaysSoAndMakesNoOther()
    {
        await _place.Open().SetAsync("A_KEY", Secret, default);
        File.Delete(_place.Key);

        await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("A_KEY", "b", default));
        var fault = Assert.Throws<VaultException>(() => _place.Open().Read()).Fault;

        Assert.Equal(_place.Key, fault.File);
        Assert.Contains("Bring it back", fault.Remedy, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.Key));
    }

    [Theory]
    [InlineData(0b110_100_000)]
    [InlineData(0b110_000_100)]
    [InlineData(0b110_010_000)]
    [InlineData(0b110_000_001)]
    public async Task Read_KeyThatOthersMayUse_IsRefusedWithTheRemedy(int mode)
    {
        if (OperatingSystem.IsWindows()) return;
        await _place.Open().SetAsync("A_KEY", Secret, default);
        File.SetUnixFileMode(_place.Key, (UnixFileMode)mode);

        Assert.Contains("chmod 600 " + _place.Key, Assert.Throws<VaultException>(() => _place.Open().Read()).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("A_KEY", "b", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("no base64, but s3cr3t-V4lue")]
    public async Task Read_KeyThatIsNone_IsRefusedWithoutShowingIt(string text)
    {
        await _place.Open().SetAsync("A_KEY", Secret, default);
        File.WriteAllText(_place.Key, text);

        var message = Assert.Throws<VaultException>(() => _place.Open().Read()).Message;
        Assert.Contains("base64 of 32 bytes", message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForUser_GivenKey_IsUsedAndNoneIsMade()
    {
        var variables = new Dictionary<string, string> { ["MIMIR_VAULT"] = _place.File, ["MIMIR_VAULT_KEY"] = Convert.ToBase64String(new byte[32]) + "\n" };
        var place = VaultPlace.ForUser(variables.GetValueOrDefault)!;
        var vault = new Vault(place, TimeProvider.System);
        await vault.SetAsync("A_KEY", "1", default);

        Assert.Single(vault.Read());
        Assert.False(File.Exists(_place.Key));
        Assert.DoesNotContain("AAAA", place.ToString(), StringComparison.Ordinal);

        variables["MIMIR_VAULT_KEY"] = Secret;
        var message = Assert.Throws<VaultException>(() => new Vault(VaultPlace.ForUser(variables.GetValueOrDefault)!, TimeProvider.System).Read()).Message;
        Assert.DoesNotContain(Secret, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForUser_NamedKeyFile_IsReadAndNeverMade()
    {
        var file = Path.Combine(_place.Root, "key");
        var variables = new Dictionary<string, string> { ["MIMIR_VAULT"] = _place.File, ["MIMIR_VAULT_KEY_FILE"] = file };
        var vault = new Vault(VaultPlace.ForUser(variables.GetValueOrDefault)!, TimeProvider.System);

        Assert.Contains("does not exist", (await Assert.ThrowsAsync<VaultException>(() => vault.SetAsync("A_KEY", "1", default))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));

        using (var key = VaultKey.Draw()) File.WriteAllBytes(file, key.ToLine());
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead);
        await vault.SetAsync("A_KEY", "1", default);
        Assert.Single(vault.Read());
    }

    [Fact]
    public void ForUser_Places_AreThoseOfTheUser()
    {
        Assert.Equal("/d/mimir/secrets.vault", Of(("XDG_DATA_HOME", "/d"), ("HOME", "/h"))!.File);
        Assert.Equal("/d/mimir/secrets.key", Of(("XDG_DATA_HOME", "/d"))!.KeyFile);
        Assert.Equal("/x/v", Of(("MIMIR_VAULT", "/x/v"), ("HOME", "/h"))!.File);
        Assert.Equal("/x/secrets.key", Of(("MIMIR_VAULT", "/x/v"), ("HOME", "/h"))!.KeyFile);
        Assert.Null(Of(("XDG_DATA_HOME", "relative")));
        if (OperatingSystem.IsLinux()) Assert.Equal("/h/.local/share/mimir/secrets.vault", Of(("XDG_DATA_HOME", "relative"), ("HOME", "/h"))!.File);

        static VaultPlace? Of(params (string Name, string Value)[] variables) =>
            VaultPlace.ForUser(name => variables.FirstOrDefault(v => v.Name == name).Value);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A KEY", "x")]
    [InlineData("1KEY", "x")]
    [InlineData("KEY=s3cr3t-V4lue", "x")]
    [InlineData("PATH", "x")]
    [InlineData("LD_PRELOAD", "x")]
    [InlineData("MIMIR_VAULT_KEY", "x")]
    [InlineData("A_KEY", "")]
    [InlineData("A_KEY", "s3cr3t-V4lue\0")]
    public async Task Set_WhatIsNotTaken_IsRefusedUnshownAndNothingIsMade(string name, string value)
    {
        var fault = await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync(name, value, default));

        Assert.Equal(VaultTrouble.Refused, fault.Kind);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.Folder));
    }

    [Theory]
    [InlineData(0xD800, "x")]
    [InlineData(0xDC00, "x")]
    [InlineData(0xD800, "")]
    public async Task Set_HalfOfAPair_IsRefused(int half, string rest) =>
        Assert.Contains("is no text", (await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("A_KEY", $"🦊{(char)half}{rest}", default))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Set_TooLongOrTooMany_IsRefusedAndTheRestStays()
    {
        await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("A_KEY", new string('€', (VaultLimits.MostValueBytes / 3) + 1), default));
        for (var i = 0; i < VaultLimits.MostBytes / VaultLimits.MostValueBytes - 1; i++)
            await _place.Open().SetAsync($"KEY_{i}", new string('x', VaultLimits.MostValueBytes), default);

        var fault = await Assert.ThrowsAsync<VaultException>(() => _place.Open().SetAsync("ONE_MORE", new string('x', VaultLimits.MostValueBytes), default));

        Assert.Equal(VaultTrouble.Refused, fault.Kind);
        Assert.Equal((VaultLimits.MostBytes / VaultLimits.MostValueBytes) - 1, _place.Read().Count);
    }

    [Fact]
    public async Task Set_ManyAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => _place.Open().SetAsync($"KEY_{i}", $"{i}", default))));

        Assert.Equal(40, _place.Read().Count);
    }

    [Fact]
    public async Task Set_LinkToTheFile_ReplacesWhatItLeadsTo()
    {
        await _place.Open().SetAsync("A_KEY", "1", default);
        var real = Path.Combine(_place.Root, "real.vault");
        File.Move(_place.File, real);
        File.CreateSymbolicLink(_place.File, real);

        await _place.Open().SetAsync("A_KEY", "2", default);

        Assert.Equal(real, new FileInfo(_place.File).LinkTarget);
        Assert.Equal(["A_KEY=2"], _place.Read());
    }

    [Fact]
    public async Task Credentials_OfAVault_AreItsValuesOrItsFault()
    {
        await _place.Open().SetAsync("A_KEY", Secret, default);
        var source = new VaultCredentials(_place.Vault, TimeProvider.System);

        Assert.Equal(Secret, source.Read().Find("A_KEY"));
        Assert.Equal([_place.File, _place.Key], source.Files);
        Assert.DoesNotContain(Secret, $"{source.Read()} {_place.Open().Read()["A_KEY"]}", StringComparison.Ordinal);

        File.WriteAllText(_place.File, "x");
        Assert.Equal(_place.File, source.Read().Fault!.File);
    }
}
