using System.Text;
using Mimir.Router.Bridging;

namespace Mimir.Router.Tests.Bridging;

public sealed class StateSealTests : IDisposable
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static readonly DateTimeOffset s_now = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] s_key = [.. Enumerable.Range(0, StateSeal.KeyLength).Select(i => (byte)i)];
    private readonly Random _random = new(5);
    private readonly StateSeal _seal = new(s_key, 42);

    public void Dispose() => _seal.Dispose();

    [Fact]
    public void TryOpen_WhatWasSealed_IsTheClaim()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (sealedClaim, principal) = (Claim(), Principal());
            var token = _seal.Seal(sealedClaim, principal);

            Assert.Equal(StateSeal.TokenLength, token.Length);
            Assert.All(token[7..], b => Assert.Contains((char)b, Alphabet));
            Assert.Equal(StateVerdict.Ok, _seal.TryOpen(token, principal, s_now, out var claim));
            Assert.Equal(sealedClaim, claim);
        }
    }

    [Fact]
    public void TryOpen_WithTheSameKeyAndReplica_OpensWhatAnotherSealed()
    {
        using var twin = new StateSeal(s_key, 42);

        Assert.Equal(StateVerdict.Ok, twin.TryOpen(_seal.Seal(Claim(), "p"), "p", s_now, out _));
    }

    [Fact]
    public void Seal_TheSameTwice_IsNotTheSameToken()
    {
        var claim = Claim();
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => Encoding.ASCII.GetString(_seal.Seal(claim, "p"))).Distinct().Count());
    }

    [Fact]
    public void TryOpen_AnyByteAltered_IsRefused()
    {
        var token = _seal.Seal(Claim(), "p");
        for (var i = 0; i < token.Length; i++)
        {
            for (var to = 0; to < 256; to++)
            {
                var altered = token.ToArray();
                altered[i] = (byte)to;
                if (altered[i] != token[i])
                {
                    Assert.Equal(i < 7 ? StateVerdict.NotOurs : StateVerdict.Broken, Open(_seal, altered, "p"));
                }
            }
        }
    }

    [Fact]
    public void TryOpen_CutOrExtended_IsRefused()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var token = _seal.Seal(Claim(), "p");
            Assert.NotEqual(StateVerdict.Ok, Open(_seal, token[.._random.Next(token.Length)], "p"));
            Assert.NotEqual(StateVerdict.Ok, Open(_seal, token[_random.Next(1, token.Length)..], "p"));

            byte[] tail = [.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => (byte)"A= \n\0-"[_random.Next(6)])];
            Assert.Equal(StateVerdict.Broken, Open(_seal, [.. token, .. tail], "p"));
            var at = _random.Next(7, token.Length);
            Assert.Equal(StateVerdict.Broken, Open(_seal, [.. token[..at], .. tail, .. token[at..]], "p"));
        }

        Assert.Equal(StateVerdict.Broken, Open(_seal, "mimir1."u8.ToArray(), "p"));
    }

    [Fact]
    public void TryOpen_OtherPrincipal_IsRefused()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var principal = Principal();
            var token = _seal.Seal(Claim(), principal);
            Assert.Equal(StateVerdict.Broken, Open(_seal, token, principal + "\0"));
            Assert.Equal(StateVerdict.Broken, Open(_seal, token, principal.ToUpperInvariant() + "x"));
            Assert.Equal(StateVerdict.Broken, Open(_seal, token, ""));
        }

        Assert.Equal(StateVerdict.Broken, Open(_seal, _seal.Seal(Claim(), "\ud800"), "\ud801"));
    }

    [Fact]
    public void TryOpen_OtherReplicaOrKey_IsRefused()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var token = _seal.Seal(Claim(), "p");
            using var neighbour = new StateSeal(s_key, 42 ^ (UInt128.One << _random.Next(128)));
            Assert.Equal(StateVerdict.Broken, Open(neighbour, token, "p"));

            var key = s_key.ToArray();
            key[_random.Next(key.Length)] ^= (byte)(1 << _random.Next(8));
            using var stranger = new StateSeal(key, 42);
            Assert.Equal(StateVerdict.Broken, Open(stranger, token, "p"));
        }

        using var started = new StateSeal(42);
        using var again = new StateSeal(42);
        Assert.Equal(StateVerdict.Broken, Open(again, started.Seal(Claim(), "p"), "p"));
    }

    [Fact]
    public void TryOpen_ClaimOfAnotherReplica_IsRefused() =>
        Assert.Equal(StateVerdict.Broken, Open(_seal, _seal.Seal(Claim() with { Replica = 43 }, "p"), "p"));

    [Fact]
    public void TryOpen_PartsOfTwoTokens_AreRefused()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (one, other) = (_seal.Seal(Claim(), "p"), _seal.Seal(Claim(), "p"));
            var at = _random.Next(10, one.Length - 1);
            byte[] mixed = [.. one[..at], .. other[at..]];

            // Near an end the two may be alike, once in some hundred runs of this test.
            if (!mixed.AsSpan().SequenceEqual(one) && !mixed.AsSpan().SequenceEqual(other))
            {
                Assert.Equal(StateVerdict.Broken, Open(_seal, mixed, "p"));
            }
        }
    }

    [Fact]
    public void TryOpen_TooLate_IsExpired()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var late = s_now.ToUnixTimeMilliseconds() - _random.Next(3) * (long)_random.Next(1_000_000);
            var token = _seal.Seal(Claim() with { Expires = late }, "p");
            Assert.Equal(StateVerdict.Expired, Open(_seal, token, "p"));
            Assert.Equal(StateVerdict.Broken, Open(_seal, token, "q"));
        }

        var last = _seal.Seal(Claim() with { Expires = s_now.ToUnixTimeMilliseconds() + 1 }, "p");
        Assert.Equal(StateVerdict.Ok, _seal.TryOpen(last, "p", s_now, out _));
        Assert.Equal(StateVerdict.Expired, Open(_seal, _seal.Seal(Claim() with { Expires = long.MinValue }, "p"), "p"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mimir")]
    [InlineData("Mimir1.AAAA")]
    [InlineData("mimir2.AAAA")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9")]
    public void TryOpen_StateOfAServer_IsNotOurs(string token) => Assert.Equal(StateVerdict.NotOurs, Open(_seal, Encoding.UTF8.GetBytes(token), "p"));

    [Fact]
    public void SealAndOpen_FromManyThreads_StayApart() => Parallel.For(0, 2_000, i =>
    {
        var claim = new StateClaim((UInt128)i, i, s_now.ToUnixTimeMilliseconds() + 1, default, 42);
        Assert.Equal(StateVerdict.Ok, _seal.TryOpen(_seal.Seal(claim, $"p{i}"), $"p{i}", s_now, out var opened));
        Assert.Equal(claim, opened);
    });

    private static StateVerdict Open(StateSeal seal, byte[] token, string principal)
    {
        var verdict = seal.TryOpen(token, principal, s_now, out var claim);
        Assert.Equal(default, claim);
        return verdict;
    }

    private StateClaim Claim()
    {
        Span<byte> bytes = stackalloc byte[48];
        _random.NextBytes(bytes);
        return new StateClaim(
            BitConverter.ToUInt128(bytes), _random.Next(-5, 1000), s_now.ToUnixTimeMilliseconds() + _random.Next(1, 600_000),
            new ParamsDigest(BitConverter.ToUInt128(bytes[16..]), BitConverter.ToUInt128(bytes[32..])), 42);
    }

    private string Principal() => string.Concat(Enumerable.Range(0, _random.Next(1, 40)).Select(_ => (char)_random.Next('a', 'ÿ')));
}
