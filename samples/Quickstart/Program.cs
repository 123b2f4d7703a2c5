// The story of quickstart.ps1 in C#, for a machine where no PowerShell can be had: the same service adapter against the
// same emulator, over real HTTP with real request signing. Nothing leaves this machine.
using System;
using System.Threading;
using AcsIdentity;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Hosting;
using AcsIdentity.Ports;
using AcsIdentity.Service;

Console.WriteLine("Azure Communication Services - Access Tokens Quickstart");
Console.WriteLine();

using var emulator = LoopbackHost.Start(new IdentityEmulator());
IIdentityService service = new IdentityServiceFactory().Create(emulator.Endpoint, new ServiceCredential.AccessKey(Secret.FromText(emulator.Emulator.AccessKey)));
var patience = TimeSpan.FromSeconds(30);

CreatedIdentity identity = await service.CreateAsync([], null, patience, CancellationToken.None);
Console.WriteLine($"Created an identity: {identity.Id}");
Console.WriteLine();

IssuedToken token = await service.IssueTokenAsync(identity.Id, ["voip"], null, patience, CancellationToken.None);
Console.WriteLine($"Issued an access token with 'voip' scope that expires at {token.ExpiresOn:o}:");
Console.WriteLine(Secret.ToText(token.Token));
Console.WriteLine();

await service.RevokeTokensAsync(identity.Id, patience, CancellationToken.None);
Console.WriteLine($"Successfully revoked all access tokens for identity with ID: {identity.Id}");
Console.WriteLine();

await service.DeleteAsync(identity.Id, patience, CancellationToken.None);
Console.WriteLine($"Deleted the identity with ID: {identity.Id}");
