using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Mimir.Management.Pages;

/// <summary>
/// Pages on which the operator types secrets, so that they pass neither a model nor a client. They stand on a loopback port that is open only while
/// somebody is asked; each has an address that cannot be guessed, answers once, and closes after <see cref="Lifetime"/>. Thread-safe.
/// </summary>
/// <param name="keep">Keeps a secret: name and value. Says what is wrong, for the operator; null when it is kept.</param>
/// <param name="time">The clock.</param>
public sealed class SecretPages(Func<string, string, CancellationToken, Task<string?>> keep, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Most pages that are open at a time.</summary>
    public const int Most = 8;

    /// <summary>Longest secret, in characters.</summary>
    public const int MostCharacters = 16 << 10;

    private const int MostBytes = 6 * MostCharacters;
    private const string Path = "/secret/";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, SecretVisit> _visits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _kept = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private WebApplication? _app;
    private string _origin = "";
    private ITimer? _sweep;

    /// <summary>How long a page is open.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Opens a page, or finds the one that asks for the same secret already.</summary>
    /// <param name="question">What the operator is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when too many are open.</returns>
    /// <exception cref="IOException">No port can be had.</exception>
    public async Task<SecretVisit?> OpenAsync(SecretQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            Forget();
            if (_visits.Values.FirstOrDefault(v => v.Question.Name == question.Name) is { } same)
            {
                return same;
            }

            if (_visits.Count >= Most)
            {
                return null;
            }

            await ListenAsync(cancellationToken).ConfigureAwait(false);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var visit = new SecretVisit(question, id, time.GetTimestamp() + (long)(Lifetime.TotalSeconds * time.TimestampFrequency)) { Address = new Uri(_origin + Path + id) };
            _visits.Add(id, visit);
            return visit;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The page that asks for a secret; null when none is open.</summary>
    public async Task<SecretVisit?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Forget();
            return _visits.Values.FirstOrDefault(v => v.Question.Name == name);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether a secret was kept by a page that was open within <see cref="Lifetime"/>.</summary>
    public bool WasKept(string name) => _kept.TryGetValue(name, out var until) && until > time.GetTimestamp();

    /// <summary>Closes a page to which nobody will come.</summary>
    public async Task CloseAsync(SecretVisit visit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(visit);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        _visits.Remove(visit.Id);
        _gate.Release();
        visit.End(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            foreach (var visit in _visits.Values)
            {
                visit.End(false);
            }

            _visits.Clear();
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytes;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        _origin = $"http://127.0.0.1:{port}";
        _app = app;
        _sweep = time.CreateTimer(_ => _ = SweepAsync(), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // Nobody else may have the browser show or send it: no other site, no name that leads here, no frame.
        SecretPage.Guard(context.Response);
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        if ("http://" + request.Host.Value != _origin || (origin.Length > 0 && origin != _origin))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (await FindAsync(request.Path.Value).ConfigureAwait(false) is not { } visit)
        {
            await SecretPage.SayAsync(context.Response, StatusCodes.Status404NotFound, "This page is closed", "The secret is kept already, or it was asked for too long ago. Ask for it again.").ConfigureAwait(false);
        }
        else if (HttpMethods.IsGet(request.Method))
        {
            await SecretPage.AskAsync(context.Response, visit, "").ConfigureAwait(false);
        }
        else if (HttpMethods.IsPost(request.Method) && request.HasFormContentType)
        {
            await TakeAsync(context, visit).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        }
    }

    private async Task TakeAsync(HttpContext context, SecretVisit visit)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var form = await context.Request.ReadFormAsync(patience.Token).ConfigureAwait(false);
        var value = form["value"].ToString();
        var objection = value.Length == 0 ? "Nothing was typed."
            : form["seen"].ToString() != SecretPage.Sign(visit.Question.Reaches()) ? "Where it may be sent has changed since you looked. Look again, and type it again if that is meant."
            : value.Length > MostCharacters ? $"It has {value.Length} characters. At most {MostCharacters} are kept."
            : !visit.TryTake() ? "Another answer is being kept."
            : await KeepAsync(visit, value, patience.Token).ConfigureAwait(false);
        if (objection is not null)
        {
            await SecretPage.AskAsync(context.Response, visit, objection).ConfigureAwait(false);
            return;
        }

        await _gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _visits.Remove(visit.Id);
        _kept[visit.Question.Name] = time.GetTimestamp() + (long)(Lifetime.TotalSeconds * time.TimestampFrequency);
        _gate.Release();
        visit.End(true);
        await SecretPage.SayAsync(context.Response, StatusCodes.Status200OK, $"{visit.Question.Name} is kept", "It is encrypted on this machine. You can close this page.").ConfigureAwait(false);
    }

    private async Task<string?> KeepAsync(SecretVisit visit, string value, CancellationToken cancellationToken)
    {
        string? objection = "It was not kept.";
        try
        {
            objection = await keep(visit.Question.Name, value, cancellationToken).ConfigureAwait(false);
            return objection;
        }
        finally
        {
            if (objection is not null)
            {
                visit.GiveBack();
            }
        }
    }

    private async Task<SecretVisit?> FindAsync(string? path)
    {
        if (path is null || !path.StartsWith(Path, StringComparison.Ordinal))
        {
            return null;
        }

        await _gate.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            Forget();
            return _visits.GetValueOrDefault(path[Path.Length..]);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task SweepAsync()
    {
        try
        {
            await _gate.WaitAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            Forget();
            if (_visits.Count == 0)
            {
                await EndAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Forget()
    {
        foreach (var (name, until) in _kept)
        {
            if (until <= time.GetTimestamp())
            {
                _kept.TryRemove(name, out _);
            }
        }

        foreach (var visit in _visits.Values.Where(v => v.Until <= time.GetTimestamp()).ToList())
        {
            _visits.Remove(visit.Id);
            visit.End(false);
        }
    }

    private async Task EndAsync()
    {
        if (_app is not { } app)
        {
            return;
        }

        _app = null;
        _sweep?.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync().ConfigureAwait(false);
    }
}
