namespace Mimir.Router.Upstreams.Web;

/// <summary>What a refusal over HTTP leaves open.</summary>
internal enum Doubt
{
    /// <summary>Nothing: it is the server's answer.</summary>
    None,

    /// <summary>Who said it. The request did not run, and is sent again once that is settled.</summary>
    WhoRefused,

    /// <summary>Whether it is a refusal at all. The request may have run, unless somebody else stands there now.</summary>
    WhatItMeans,
}
